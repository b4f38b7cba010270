"""Limits of the kernel on a process that was started, which hold also when this server ends before it does."""

import contextlib
import resource


def limit(pid: int, most: dict[str, int]) -> None:
    """Set limits of the process `pid`: `most` by what they are of, such as `CPU` (seconds) or `DATA` (bytes).

    Names are those of https://docs.python.org/3/library/resource.html without `RLIMIT_`. Only Linux has a way to do so.
    """
    if not hasattr(resource, "prlimit"):
        return
    for name, value in most.items():
        # Not allowed where the server itself is limited to less; and the process may be over already.
        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(pid, getattr(resource, f"RLIMIT_{name}"), (value, value))
