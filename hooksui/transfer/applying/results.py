"""What became of each hook of a plan, and what the tenant's list tells of a call that had no answer."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from hooksui.auth0.errors import ApiError
from hooksui.auth0.shapes import Hook
from hooksui.hooks.changes import differences
from hooksui.transfer.files.definition import WORDS
from hooksui.transfer.planning.plan import Fate, Item

# What was tried, in words; of other calls the list of hooks tells nothing.
CREATING, SAVING, DELETING = "creating it", "saving it", "deleting it"
ENABLING, DISABLING = "enabling it", "disabling it"
LISTED = (CREATING, SAVING, DELETING, ENABLING, DISABLING)


class Ending(StrEnum):
    """How far a hook of the plan came."""

    DONE = "done"
    PARTLY = "partly done"
    UNKNOWN = "not known"
    FAILED = "failed"
    NOT_BEGUN = "not begun"


@dataclass(frozen=True)
class Result:
    """What became of one item: how far it came, the steps that were done, and the `error` that ended it in `trying`.

    `runs` says what runs at the point after a switch that failed. With an error and DONE, only the answer was lost.
    """

    item: Item
    ending: Ending = Ending.NOT_BEGUN
    steps: tuple[str, ...] = ()
    trying: str = ""
    error: ApiError | None = None
    runs: str = ""


def changes_of(item: Item) -> dict[str, Any]:
    """What a PATCH has to send, but for `enabled`."""
    return {name: getattr(item.wanted, name) for name in item.fields if name != "enabled"}


def saved_words(item: Item) -> str:
    """The step of sending such changes, in words."""
    return "saved its " + " and ".join(WORDS[name] for name in item.fields if name != "enabled")


def settled(result: Result, hook: Hook | None) -> Result:
    """`result`, whose call had no answer, by what the tenant's list has: `hook`, or None where it is not there."""
    if not _is_done(result, hook):
        return replace(result, ending=Ending.PARTLY if result.steps else Ending.FAILED)
    step = {
        CREATING: "created",
        SAVING: saved_words(result.item),
        DELETING: "deleted",
        ENABLING: "enabled",
        DISABLING: "disabled",
    }[result.trying]
    ending = Ending.PARTLY if _has_more(result) else Ending.DONE
    return replace(result, ending=ending, steps=(*result.steps, step), runs="")


def _has_more(result: Result) -> bool:
    """Whether something is to be done with the hook after what was tried last."""
    if result.trying == DISABLING:
        return result.item.fate == Fate.DELETE
    if result.trying in (DELETING, ENABLING):
        return False
    secrets = result.item.secrets
    more = secrets.any if result.trying == CREATING else secrets.remove and bool(secrets.extra)
    return more or "enabled" in result.item.fields


def _is_done(result: Result, hook: Hook | None) -> bool:
    if result.trying == DELETING or hook is None:
        return result.trying == DELETING and hook is None
    if result.trying in (ENABLING, DISABLING):
        return hook.enabled == (result.trying == ENABLING)
    wanted = changes_of(result.item)
    if result.trying == CREATING and hook.trigger != result.item.trigger:
        return False
    # Files that say nothing of modules have None.
    return not differences(
        hook, replace(hook, **{name: {} if value is None else value for name, value in wanted.items()})
    )
