"""The one place that every change of a tenant's hooks passes: a line in the log says who did what, and what came of it.

Values of secrets and scripts never get here, and every name is written as a JSON text, so that none can break a line.
"""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from hooksui.hooks import unclear
from hooksui.tenants.config import Tenant

log = logging.getLogger(__name__)

_LONGEST = 200  # characters of one name; what is longer is no name that a person gave


@dataclass(frozen=True)
class Actor:
    """Who acts: a username, and the address or the command from which."""

    name: str
    place: str


# A function, so that nobody is looked up where nothing is changed.
acting: ContextVar[Callable[[], Actor]] = ContextVar("acting", default=lambda: Actor("-", "-"))


@dataclass
class Change:
    """A change under way. Of a new hook, `hook_id` comes late; `outcome` is in words."""

    kind: str
    tenant: Tenant
    hook_id: str = ""
    name: str = ""
    secrets: tuple[str, ...] = ()
    outcome: str = "done"

    def seen(self, looked_up: bool) -> None:
        """Say that it was found done, where its answer was not clear."""
        if looked_up:
            self.outcome = "done, as a look afterwards showed"


@contextmanager
def told(change: Change) -> Iterator[Change]:
    """Write a line about `change` when the block ends, whichever way."""
    try:
        yield change
    except BaseException as error:
        # An interrupt may have come while the answer was on its way.
        is_open = not isinstance(error, Exception) or unclear.is_unclear(error)
        known = "not known" if is_open else "not done"
        change.outcome = f"{known}: {type(error).__name__}"
        raise
    finally:
        _write(change)


def quoted(text: str) -> str:
    """`text` for a line of the log: one word in ASCII, whatever is in it."""
    return json.dumps(text[:_LONGEST])


def _write(change: Change) -> None:
    actor = acting.get()()
    secrets = f" secrets={quoted(', '.join(change.secrets))}" if change.secrets else ""
    log.info(
        "%s tenant=%s hook=%s name=%s%s by=%s from=%s: %s",
        change.kind,
        change.tenant.slug,
        quoted(change.hook_id),
        quoted(change.name),
        secrets,
        quoted(actor.name),
        quoted(actor.place),
        change.outcome,
    )
