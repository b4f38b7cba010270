"""Reading a script, in the worst case that people can bring about."""

import time
from pathlib import Path
from statistics import median

from hooksui.deno import reader
from hooksui.deno.modules import required
from tests.benchmarks.measuring import Row

_SIZE = 100_000  # bytes of a script, about the largest that is taken
_ROUNDS = 7
# What made a search by patterns slow, and what a parser takes longest for.
_PIECES = ("`\\", "'\\", "=/[\\", "(", "`${`", "a.", '"', "`", "{x:", "if(a)b;else ", "function f(a,b){return a+b}\n")


def modules() -> Row:
    """The processor time, of both processes, that finding the modules of the worst of these scripts takes."""
    scripts = [f"require('x');\n{piece * (_SIZE // len(piece))}" for piece in _PIECES]
    for script in scripts:
        required(script)
    return Row(max(median(_spent(script) for _ in range(_ROUNDS)) for script in scripts) * 1000, None, "ms", 50)


def _spent(script: str) -> float:
    before = time.process_time() + _program()
    required(script)
    return time.process_time() + _program() - before


def _program() -> float:
    """Seconds of processor time of the program that reads."""
    if (pid := reader.dialogue().pid) is None:
        return 0
    # Nanoseconds of each thread: the times in `stat` are too coarse.
    threads = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9
