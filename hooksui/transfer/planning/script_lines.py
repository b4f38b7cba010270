"""The difference of two scripts as lines that a page can show."""

import difflib
from dataclasses import dataclass

from hooksui.hooks.newlines import with_lf

# A comparison of longer texts takes seconds, and nobody reads it on this page.
MAX_LINES = 5_000
_AROUND = 3  # lines of context


@dataclass(frozen=True)
class Line:
    """A line of a difference: `kind` is added, removed, same, or gap for lines that are left out."""

    kind: str
    text: str
    old: int | None = None
    new: int | None = None


@dataclass(frozen=True)
class Difference:
    """Lines of a difference, and how many were added and removed.

    `too_long` says that they were not compared: then it has no lines, and counts all of the new script and of the old.
    """

    lines: list[Line]
    added: int
    removed: int
    too_long: bool = False


def difference(old: str, new: str) -> Difference:
    """What has to be done to `old` to get `new`. Line ends make no difference."""
    # No script has no line, not an empty one.
    before, after = (with_lf(script).split("\n") if script else [] for script in (old, new))
    if len(before) + len(after) > 2 * MAX_LINES:
        return Difference([], len(after), len(before), too_long=True)
    lines: list[Line] = []
    # Of long texts, lines that stand there often are no landmarks, or the comparison would take seconds.
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > 1_000)
    for group in matcher.get_grouped_opcodes(_AROUND):
        if lines or group[0][1] > 0:
            lines.append(Line("gap", "…"))
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                pairs = zip(range(old_start, old_end), range(new_start, new_end), strict=True)
                lines += [Line("same", before[number], number + 1, other + 1) for number, other in pairs]
            else:
                lines += [Line("removed", before[number], old=number + 1) for number in range(old_start, old_end)]
                lines += [Line("added", after[number], new=number + 1) for number in range(new_start, new_end)]
    added = sum(line.kind == "added" for line in lines)
    return Difference(lines, added, sum(line.kind == "removed" for line in lines))
