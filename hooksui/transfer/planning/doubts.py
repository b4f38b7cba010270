"""What a plan would bring into hooks that run, or start: scripts that cannot run are warned of."""

from dataclasses import replace

from hooksui.deno import reader
from hooksui.transfer.planning.plan import Fate, Item, Plan


def with_warnings(plan: Plan) -> Plan:
    """`plan` with a warning at each hook that would be enabled, or is, and whose script would not run any more.

    Nothing is said where the scripts cannot be read.
    """
    warnings: dict[int, str] = {}
    doubtful = [item for item in plan.items if _comes_to_run(item)]
    for trigger in {item.trigger for item in doubtful}:
        items = [item for item in doubtful if item.trigger == trigger]
        for item, reading in zip(items, reader.read([_script(item) for item in items], trigger), strict=True):
            if fault := reading.fault:
                text = f"Warning: its script would fail each time it runs: {fault.message} (line {fault.line})."
                warnings[id(item)] = text
    return replace(plan, items=[replace(item, warning=warnings.get(id(item), "")) for item in plan.items])


def _comes_to_run(item: Item) -> bool:
    """Whether something is written that makes another script run than now."""
    written = item.fate in (Fate.CREATE, Fate.CHANGE) and item.enabled
    return written and bool({"script", "enabled"} & set(item.fields))


def _script(item: Item) -> str:
    if item.wanted is None:
        return item.current.script if item.current else ""
    return item.wanted.script
