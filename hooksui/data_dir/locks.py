"""Locks that threads and processes on one DATA_DIR share. The kernel drops those of a process that ends, however."""

import fcntl
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from weakref import WeakValueDictionary

_LOCKS, _SERVING = "locks", "serving"
_OWNER_ONLY = 0o600
_PAUSE = 0.02  # seconds between two looks whether another process has let go
_LAST_BYTE = 2**62

# One that nobody holds or waits for is gone.
_locks: WeakValueDictionary[tuple[str, ...], threading.Lock] = WeakValueDictionary()
_finding_lock = threading.Lock()


class HeldElsewhereError(Exception):
    """Somebody else has had the lock for all the time that this one would wait."""


def keep_serving(data_dir: Path, wait: float) -> None:
    """Be the one server of `data_dir` for as long as this process or a child of it lives.

    One that is just ending is waited for, `wait` seconds at most. Raises HeldElsewhereError where another one stays,
    and OSError where the folder cannot be used.
    """
    deadline = time.monotonic() + wait
    file = os.open(data_dir / _SERVING, os.O_RDWR | os.O_CREAT, _OWNER_ONLY)
    while True:
        try:
            # Children that are forked share it: a worker that outlives its master still serves.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                os.close(file)
                raise HeldElsewhereError from error
        time.sleep(_PAUSE)


@contextmanager
def held(data_dir: Path, *key: str, wait: float) -> Iterator[None]:
    """Keep all other threads, and processes on the same folder, out of blocks with this `key`.

    Raises HeldElsewhereError where that cannot be had within `wait` seconds.
    """
    deadline = time.monotonic() + wait
    with _finding_lock:
        lock = _locks.setdefault(key, threading.Lock())
    if not lock.acquire(timeout=wait):
        raise HeldElsewhereError
    try:
        with _between_processes(_file(data_dir, os.getpid()), _byte_of(key), deadline):
            yield
    finally:
        lock.release()


@contextmanager
def _between_processes(file: int, byte: int, deadline: float) -> Iterator[None]:
    # A lock of this kind belongs to the whole process, so threads need the other one as well.
    while True:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
            break
        except (BlockingIOError, PermissionError) as error:
            if time.monotonic() > deadline:
                raise HeldElsewhereError from error
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        fcntl.lockf(file, fcntl.LOCK_UN, 1, byte)


@cache
def _file(data_dir: Path, process: int) -> int:
    # One for the life of the process, never closed: that would drop all of its locks.
    return os.open(data_dir / _LOCKS, os.O_RDWR | os.O_CREAT, _OWNER_ONLY)


def _byte_of(key: tuple[str, ...]) -> int:
    """Where in the file the lock of `key` stands: no two keys that there are share a byte."""
    digest = hashlib.sha256("\0".join(key).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8]) % _LAST_BYTE
