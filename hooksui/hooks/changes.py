"""What a change of a tenant's hooks is, and where every one of them is told: the log, and what belongs to a hook.

Values of secrets and scripts never get into the log, and every name is written there as a JSON text, so that none can
break a line.
"""

import json
import logging
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from hooksui.auth0.shapes import Hook
from hooksui.hooks.newlines import with_lf
from hooksui.runner.records import forget_hook
from hooksui.tenants.config import Tenant

log = logging.getLogger(__name__)

_MAX_LENGTH = 200  # characters of one name; what is longer is no name that a person gave
DONE = "done"
LOOKED_UP = "done, as a look afterwards showed"
NOT_DONE = "not done"
NOT_KNOWN = "not known"


class Kind(StrEnum):
    """What is done with a hook."""

    CREATE = "create"
    SAVE = "save"
    RENAME = "rename"
    ENABLE = "enable"
    DISABLE = "disable"
    DELETE = "delete"
    ADD_SECRETS = "add secrets"
    CHANGE_SECRETS = "change secrets"
    REMOVE_SECRETS = "remove secrets"


@dataclass(frozen=True)
class Actor:
    """Who acts: a username, and the address or the command from which."""

    name: str
    place: str


@dataclass(frozen=True)
class Change:
    """One change of one hook, as far as it came.

    `cause` is where it comes from: the dashboard, an import, a client of the API. `before` and `after` are the hook as
    far as it is known, None where there was none, or is none, or nobody knows. `name` is the hook's before it; `wanted`
    the name that it shall have then. `secret_names` are those of the secrets that it concerns. `outcome` is in words:
    DONE, LOOKED_UP, or NOT_DONE or NOT_KNOWN and what went wrong.
    """

    kind: Kind
    tenant: Tenant
    actor: Actor
    cause: str
    hook_id: str = ""
    name: str = ""
    wanted: str = ""
    before: Hook | None = None
    after: Hook | None = None
    secret_names: tuple[str, ...] = ()
    outcome: str = DONE

    @property
    def is_done(self) -> bool:
        """Whether the tenant has it for sure."""
        return self.outcome in (DONE, LOOKED_UP)


_COMPARED = [field.name for field in fields(Hook) if field.name != "id"]


def differences(before: Hook, after: Hook) -> tuple[str, ...]:
    """The fields in which two hooks differ, but for their ids. Line ends of scripts make no difference."""
    one, other = (replace(hook, script=with_lf(hook.script)) for hook in (before, after))
    return tuple(name for name in _COMPARED if getattr(one, name) != getattr(other, name))


def emit(change: Change) -> None:
    """Tell of a change that has ended, whichever way: every one comes here once, in the thread of its request."""
    _write_line(change)
    if change.kind is Kind.DELETE and change.is_done:
        forget_hook(change.tenant.slug, change.hook_id)


def quoted(text: str) -> str:
    """`text` for a line of the log: one word in ASCII, whatever is in it."""
    return json.dumps(text[:_MAX_LENGTH])


def _write_line(change: Change) -> None:
    cause = f"{change.cause}, " if change.cause else ""
    wanted = f" to {quoted(change.wanted)}" if change.wanted else ""
    secrets = f" secrets={quoted(', '.join(change.secret_names))}" if change.secret_names else ""
    log.info(
        "%s%s%s tenant=%s hook=%s name=%s%s by=%s from=%s: %s",
        cause,
        change.kind,
        wanted,
        change.tenant.slug,
        quoted(change.hook_id),
        quoted(change.name),
        secrets,
        quoted(change.actor.name),
        quoted(change.actor.place),
        change.outcome,
    )
