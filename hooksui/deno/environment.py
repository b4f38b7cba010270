"""Where Deno keeps its cache, and what its processes find in their environment."""

from pathlib import Path

from django.conf import settings


def cache() -> Path:
    """The folder in DATA_DIR of Deno's own cache and of installed modules."""
    folder: Path = settings.DATA_DIR / "runner"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def environment() -> dict[str, str]:
    """What every Deno process finds in its environment: where its cache is, and the time zone of the platform."""
    return {"DENO_DIR": str(cache() / "deno"), "NO_COLOR": "1", "DENO_NO_UPDATE_CHECK": "1", "TZ": "UTC"}


# What no program of ours needs: an answer to a prompt, a configuration, a lock file, the network.
CLOSED = ("--quiet", "--no-prompt", "--no-lock", "--no-remote", "--cached-only")
