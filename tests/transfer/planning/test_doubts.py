"""Warnings of a plan: scripts that would stop what runs."""

from hooksui.auth0.shapes import Hook
from hooksui.transfer.files.definition import Definition
from hooksui.transfer.planning import wording
from hooksui.transfer.planning.doubts import with_warnings
from hooksui.transfer.planning.plan import make
from hooksui.transfer.planning.snapshot import Snapshot

PRE = "pre-user-registration"
RUNS = "module.exports = (user, context, cb) => cb();\n"
BROKEN = "module.exports = () => {\n  break;\n};\n"


def said(script: str, *, before: str = RUNS, enabled: bool = True) -> str:
    """The plan's lines where `script` is to go into a hook."""
    has = Snapshot([Hook("a", "check", PRE, enabled=enabled, script=before)], {})
    plan = with_warnings(make([Definition("check", PRE, script)], [], has))
    return "\n".join(wording.as_lines(plan, with_differences=False))


def test_a_script_that_would_stop_a_hook_is_warned_of() -> None:
    assert "would fail each time it runs: break outside of a loop (line 2)." in said(BROKEN)
    assert "module.export is set where module.exports is meant (line 1)." in said("module.export = () => {};")


def test_what_runs_or_is_not_enabled_is_not_warned_of() -> None:
    assert "Warning" not in said(RUNS + "// changed")
    assert "Warning" not in said(BROKEN, enabled=False)


def test_a_hook_enabled_in_place_of_one_that_runs_is_warned_of() -> None:
    has = Snapshot([Hook("a", "old", PRE, enabled=True, script=RUNS)], {})
    plan = with_warnings(make([Definition("new", PRE, BROKEN, enabled=True)], [], has))
    assert "Warning: its script would fail" in "\n".join(wording.as_lines(plan, with_differences=False))
