"""What the commands for import and export share: their tenant, their words, their progress, and the way they fail."""

import getpass
import logging
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn, TextIO, TypeVar

from django.conf import settings
from django.core.management.base import CommandParser, OutputWrapper
from django.db import DatabaseError

from hooksui.auth0.errors import ApiError
from hooksui.hooks.changes import Actor
from hooksui.hooks.workspace import Workspace
from hooksui.tenants.config import Tenant
from hooksui.tenants.state import record_of
from hooksui.transfer.progress import Work
from hooksui.web.errors import message_of

_T = TypeVar("_T")
_INTERRUPTS = (signal.SIGINT, signal.SIGTERM)
# What a terminal would act on, and what no encoding has.
_UNSHOWN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\ud800-\udfff]")


def add_tenant(parser: CommandParser) -> None:
    """The option --tenant, whose default is the first configured one."""
    slugs = list(settings.TENANTS)
    parser.add_argument(
        "--tenant",
        choices=slugs,
        default=slugs[0],
        metavar="SLUG",
        help=f"one of {', '.join(slugs)} (default: %(default)s)",
    )


def workspace(tenant: Tenant, command: str) -> Workspace:
    """What the person at the terminal does with the hooks of `tenant` by the command of that name."""
    return Workspace(tenant, record_of(tenant), Actor(getpass.getuser(), f"command {command}"))


def done(work: Work[_T], tenant: Tenant, stop: Callable[[], None] = lambda: None) -> _T:
    """The result of `work`, whose progress a terminal shows. Ends the process with status 1 where the API fails.

    An interrupt calls `stop` and waits for the calls under way; a second one ends the process at once.
    """
    shown = sys.stderr.isatty()
    waited = False
    try:
        with _interrupted_by(stop):
            while True:
                step = next(work)
                if shown:
                    count = f"{step.done} of {step.total} " if step.total else ""
                    sys.stderr.write(f"\r\x1b[K{count}{step.told} …")
                    sys.stderr.flush()
                elif step.waits and not waited:
                    say(sys.stderr, f"{tenant.slug} accepts no more requests for {step.waits} seconds. Waiting.")
                waited = bool(step.waits)
    except StopIteration as end:
        result: _T = end.value
        return result
    except ApiError as error:
        fail(message_of(error, tenant).text)
    finally:
        if shown:
            sys.stderr.write("\r\x1b[K")


@contextmanager
def _interrupted_by(stop: Callable[[], None]) -> Iterator[None]:
    def once(number: int, frame: FrameType | None) -> NoReturn:
        for word in _INTERRUPTS:
            signal.signal(word, _end_at_once)
        stop()
        _write_at_once("Waiting for the calls in flight. Interrupt again to stop at once.")
        raise KeyboardInterrupt

    before = [signal.signal(word, once) for word in _INTERRUPTS]
    try:
        yield
    finally:
        for word, handler in zip(_INTERRUPTS, before, strict=True):
            signal.signal(word, handler)


def _end_at_once(number: int, frame: FrameType | None) -> NoReturn:
    _write_at_once("Stopped at once. Calls in flight may have been carried out.")
    # Any other end waits for the threads.
    os._exit(1)


def _write_at_once(line: str) -> None:
    """Write to the terminal from a handler of signals, which may have interrupted another write."""
    os.write(sys.stderr.fileno(), ("\r\x1b[K" if sys.stderr.isatty() else "").encode() + line.encode() + b"\n")


@contextmanager
def sentences() -> Iterator[None]:
    """End the process with status 1 and a sentence where an interrupt, a closed output or the database ends the block.

    What ends a job in CI, SIGTERM, is an interrupt as well. Warnings are not logged meanwhile: the sentences say as
    much. Also as a decorator.
    """
    logging.disable(logging.WARNING)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except (KeyboardInterrupt, EOFError):
        fail("Interrupted before the end.")
    except BrokenPipeError:
        # Or Python would write what is left once more, and complain, when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except DatabaseError as error:
        fail(f"The database in {settings.DATA_DIR} cannot be used: {error}. Run `python manage.py bootstrap` first.")
    finally:
        logging.disable(logging.NOTSET)


def say(stream: OutputWrapper | TextIO, line: str) -> None:
    """Write `line`, which may repeat anything from files, without what a terminal would act on."""
    shown = _UNSHOWN.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), line)
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(shown.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def fail(message: str) -> NoReturn:
    """End the process with status 1 and `message`."""
    say(sys.stderr, message)
    sys.exit(1)
