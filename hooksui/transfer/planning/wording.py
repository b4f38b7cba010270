"""A plan in words, for pages and terminals alike."""

from collections.abc import Iterator
from dataclasses import dataclass

from hooksui.auth0.shapes import Hook
from hooksui.transfer.planning.comparing import Pair
from hooksui.transfer.planning.plan import Fate, Item, Plan, SecretChanges, SecretValues
from hooksui.transfer.planning.script_lines import Difference, difference

# Lines of differences on one page; with more, those of the last hooks are left out.
MAX_LINES = 20_000

TITLES = {
    Fate.CREATE: "Will be created",
    Fate.CHANGE: "Will be changed",
    Fate.UNCHANGED: "Unchanged",
    Fate.DELETE: "Will be deleted",
    Fate.KEEP: "Only in the tenant",
    Fate.REFUSE: "Refused",
}
# What a person has to decide about comes first.
_ORDER = (Fate.REFUSE, Fate.DELETE, Fate.CHANGE, Fate.CREATE, Fate.KEEP, Fate.UNCHANGED)


@dataclass(frozen=True)
class Described:
    """A hook of a plan in words: what happens to it, and the lines of its script that change."""

    item: Item
    changes: list[str]
    scripts: Difference | None


@dataclass(frozen=True)
class Group:
    """The hooks of one fate."""

    fate: Fate
    hooks: list[Described]

    @property
    def title(self) -> str:
        """What becomes of them."""
        return TITLES[self.fate]


def groups(plan: Plan) -> list[Group]:
    """The plan by fates, for a page. Empty ones are left out."""
    left = MAX_LINES
    found: dict[Fate, list[Described]] = {}
    for item in plan.items:
        scripts = script_difference(item) if left > 0 else None
        left -= len(scripts.lines) if scripts else 0
        found.setdefault(item.fate, []).append(Described(item, changes(item, scripts), scripts))
    return [Group(fate, found[fate]) for fate in _ORDER if fate in found]


def asked_secrets(plan: Plan, given: SecretValues) -> list[tuple[Item, str, bool]]:
    """The secrets whose values a person has to type: hook, name, and whether it was typed already."""
    asked = []
    for item in plan.items:
        typed = given.get(item.key, {})
        names = [name for name in typed if name in item.secrets.add or name in item.secrets.update]
        asked += [(item, name, True) for name in names]
        asked += [(item, name, False) for name in item.secrets.missing]
    return asked


def compared(pairs: list[Pair]) -> list[tuple[Pair, Difference | None]]:
    """Pairs of hooks that are not alike, with the difference of their scripts."""
    left = MAX_LINES
    found = []
    for pair in pairs:
        scripts = None
        if "script" in pair.differing and pair.left and pair.right and left > 0:
            scripts = difference(pair.left.script, pair.right.script)
            left -= len(scripts.lines)
        if not pair.same:
            found.append((pair, scripts))
    return found


def script_difference(item: Item) -> Difference | None:
    """How the script changes, or all of a new one; None where it stays."""
    if "script" not in item.fields or item.wanted is None:
        return None
    return difference(item.current.script if item.current else "", item.wanted.script)


def changes(item: Item, scripts: Difference | None) -> list[str]:
    """What happens to the hook, each in a few words; `scripts` is its script_difference."""
    if item.fate == Fate.DELETE and not item.reason and item.current and item.current.enabled:
        return ["It is enabled, and no file has a hook to run at this point instead."]
    if item.fate in (Fate.KEEP, Fate.REFUSE, Fate.DELETE):
        return [item.reason] if item.reason else []
    said = _script(item, scripts)
    if "dependencies" in item.fields and item.wanted:
        said += _modules(item.current, item.wanted.dependencies or {})
    # A reason says as much.
    if not item.reason and ("enabled" in item.fields or item.fate == Fate.CREATE):
        said.append("enabled" if item.enabled else "disabled")
    if item.fate == Fate.CHANGE and item.wanted and item.wanted.secrets is None:
        said.append("secrets: not in the file, the tenant's stay")
    return said + _secrets(item.secrets) + [text for text in (item.reason, item.warning) if text]


def as_lines(plan: Plan, *, with_differences: bool) -> Iterator[str]:
    """The plan for a terminal, line by line."""
    for item in plan.items:
        if item.fate == Fate.UNCHANGED and not item.secrets.missing:
            continue
        scripts = script_difference(item)
        said = "; ".join(changes(item, scripts))
        yield f"  {item.fate:9} {item.name} ({item.trigger})" + (f": {said}" if said else "")
        if item.fate == Fate.REFUSE and item.source:
            yield f"            in {item.source}"
        if scripts and with_differences:
            yield from (f"            {_SIGNS[line.kind]} {line.text}" for line in scripts.lines)
    for error in plan.unreadable:
        yield f"  {Fate.REFUSE:9} {error.source}: {error.reason}"
    counts = [f"{len(plan.of(fate))} {_COUNTED[fate]}" for fate in Fate if fate != Fate.REFUSE]
    yield f"{', '.join(counts)}, {plan.refused} refused."
    if plan.held_back:
        yield f"Nothing is deleted while {plan.incomplete}."


_SIGNS = {"added": "+", "removed": "-", "same": " ", "gap": "…"}
_COUNTED = {
    Fate.CREATE: "to create",
    Fate.CHANGE: "to change",
    Fate.UNCHANGED: "unchanged",
    Fate.DELETE: "to delete",
    Fate.KEEP: "only in the tenant",
}


def _script(item: Item, scripts: Difference | None) -> list[str]:
    if scripts is None:
        return ["script: changed, too many lines to show them here"] if "script" in item.fields and item.current else []
    if item.current and scripts.too_long:
        return ["script: changed, too many lines to compare"]
    lines = f"script: {scripts.added} " + ("line" if scripts.added == 1 else "lines")
    return [f"{lines} added, {scripts.removed} removed" if item.current else lines]


def _modules(current: Hook | None, wanted: dict[str, str]) -> list[str]:
    has = current.dependencies if current else {}
    new = [f"{name} {version}" for name, version in wanted.items() if has.get(name) != version]
    gone = [name for name in has if name not in wanted]
    said = [f"NPM modules: {', '.join(new)}"] if new else []
    return said + ([f"NPM modules removed: {', '.join(gone)}"] if gone else [])


def _secrets(secrets: SecretChanges) -> list[str]:
    parts = {
        "secrets added": secrets.add,
        "secrets given a value": secrets.update,
        "secrets without a value, not added": secrets.missing,
        "secrets that keep their value": secrets.left,
        "secrets removed" if secrets.remove else "secrets that only the tenant has, kept": secrets.extra,
    }
    return [f"{what}: {', '.join(names)}" for what, names in parts.items() if names]
