"""Two tenants and two scripts side by side, and a plan in words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hooksui.auth0.shapes import MASK, Hook
from hooksui.transfer.files.definition import Definition, UnreadableError
from hooksui.transfer.planning.comparing import Pair, compare, in_both
from hooksui.transfer.planning.plan import Fate, make
from hooksui.transfer.planning.script_lines import MAX_LINES, Difference, Line, difference
from hooksui.transfer.planning.snapshot import Snapshot
from hooksui.transfer.planning.wording import as_lines, asked_secrets, changes, compared, groups, script_difference

PRE, POST = "pre-user-registration", "post-user-registration"


def hook(name: str, trigger: str = PRE, script: str = "x", *, hook_id: str = "1", enabled: bool = False) -> Hook:
    return Hook(hook_id, name, trigger, script, {}, enabled)


def test_hooks_are_paired_by_their_names_those_that_differ_first() -> None:
    left = [hook("same"), hook("only-left"), hook("other")]
    right = [hook("same", hook_id="2"), hook("Other", script="y"), hook("only-right")]
    pairs = compare(Snapshot(left, {}), Snapshot(right, {}))
    assert [(pair.name, pair.same, pair.differing) for pair in pairs] == [
        ("other", False, ("script",)),
        ("only-left", False, ()),
        ("only-right", False, ()),
        ("same", True, ()),
    ]
    assert (pairs[1].left, pairs[1].right) == (left[1], None)
    assert compare(Snapshot([], {}), Snapshot([], {})) == []


@pytest.mark.parametrize(
    ("right", "differing"),
    [
        (hook("a", script="x\r\ny"), ()),
        (hook("a", POST, "x\ny"), ("extensibility point",)),
        (hook("a", script="x\ny", enabled=True), ("enabled",)),
        (Hook("1", "a", POST, "z", {"a": "1"}, True), ("extensibility point", "script", "NPM modules", "enabled")),
    ],
)
def test_each_field_that_differs_is_named(right: Hook, differing: tuple[str, ...]) -> None:
    (pair,) = compare(Snapshot([hook("a", script="x\ny")], {}), Snapshot([right], {}))
    assert (pair.differing, pair.same) == (differing, not differing)


def test_names_of_secrets_that_differ_are_named_in_any_order() -> None:
    left = Snapshot([hook("a"), hook("b", hook_id="2")], {"1": ["KEY", "URL"], "2": ["KEY"]})
    right = Snapshot([hook("a"), hook("b", hook_id="2")], {"1": ["URL", "KEY"], "2": []})
    assert [(pair.name, pair.differing, pair.secrets) for pair in compare(left, right)] == [
        ("b", ("secrets",), (["KEY"], [])),
        ("a", (), (["KEY", "URL"], ["KEY", "URL"])),
    ]


def test_a_second_hook_of_one_name_is_shown_for_itself() -> None:
    left = [hook("a", hook_id="1"), hook("a", hook_id="2")]
    pairs = compare(Snapshot(left, {}), Snapshot([hook("a", hook_id="3")], {}))
    assert [(pair.same, pair.left and pair.left.id, pair.right and pair.right.id) for pair in pairs] == [
        (False, "2", None),
        (True, "1", "3"),
    ]


def test_what_both_tenants_have_is_what_is_set_side_by_side() -> None:
    left = [hook("a", hook_id="1"), hook("a", hook_id="2"), hook("b", hook_id="3"), hook("Two words", hook_id="4")]
    right = [hook("a", hook_id="5"), hook("c", hook_id="6"), hook("two-words", hook_id="7")]
    pairs = compare(Snapshot(left, {}), Snapshot(right, {}))
    both = {one.id for pair in pairs if pair.left and pair.right for one in (pair.left, pair.right)}
    assert in_both(left, right) == both == {"1", "5", "4", "7"}
    assert in_both(left, []) == set()


def test_only_what_differs_is_shown_with_the_difference_of_the_scripts() -> None:
    left = [hook("same"), hook("a"), hook("b"), hook("c")]
    right = [hook("same"), hook("a", script="y"), hook("b", POST)]
    shown = compared(compare(Snapshot(left, {}), Snapshot(right, {})))
    assert [(pair.name, found and (found.added, found.removed)) for pair, found in shown] == [
        ("a", (1, 1)), ("b", None), ("c", None),
    ]  # fmt: skip
    assert compared([Pair("x", hook("x"), hook("x"))]) == []


LINES = st.lists(st.sampled_from(["a", "b", "", " a", "}"]), max_size=30).map("\n".join)


@given(LINES | st.text(max_size=30), LINES | st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_what_a_difference_says_done_to_the_old_text_gives_the_new(old: str, new: str) -> None:
    old, new = (text.replace("\r\n", "\n").replace("\r", "\n") for text in (old, new))
    found = difference(old, new)
    before, after = old.split("\n") if old else [], list[str]()
    place = 0
    for line in found.lines:
        if line.kind == "gap":
            continue
        if line.old is not None:
            # What is left out is the same in both.
            after += before[place : line.old - 1]
            place = line.old
            assert before[line.old - 1] == line.text
        if line.kind != "removed":
            # What is left out before an added line was told by the line above it.
            after.append(line.text)
            assert line.new == len(after)
    after += before[place:]
    assert after == (new.split("\n") if new else [])
    assert (found.added, found.removed) == tuple(
        sum(line.kind == kind for line in found.lines) for kind in ("added", "removed")
    )
    assert (old == new) == (found.lines == [])


def test_a_difference_shows_three_lines_around_and_a_gap_for_the_rest() -> None:
    old = "\n".join(str(number) for number in range(20))
    found = difference(old, old.replace("10", "x"))
    assert found.lines == [
        Line("gap", "…"),
        *(Line("same", str(number), number + 1, number + 1) for number in (7, 8, 9)),
        Line("removed", "10", old=11),
        Line("added", "x", new=11),
        *(Line("same", str(number), number + 1, number + 1) for number in (11, 12, 13)),
    ]


def test_line_ends_make_no_difference() -> None:
    assert difference("a\r\nb\rc", "a\nb\nc") == Difference([], 0, 0)


def test_texts_that_are_too_long_are_not_compared() -> None:
    assert difference("x\n" * MAX_LINES, "y\n" * MAX_LINES) == Difference([], MAX_LINES + 1, MAX_LINES + 1, True)
    # As long as possible, and of few lines that stand there over and over again.
    found = difference("\n".join("abc" * 166), "\n".join("cabb" * 2_300))
    assert found.added - found.removed == 4 * 2_300 - 3 * 166


SNAPSHOT = Snapshot(
    [
        Hook("1", "changed", PRE, "old\n", {"gone": "1", "kept": "1", "moved": "1"}, False),
        Hook("2", "same", PRE, "x", {}, True),
        Hook("3", "extra", POST, "x", {}, True),
        Hook("4", "silent", POST, "x", {}, False),
    ],
    {"1": ["HAS", "LEFT", "EXTRA"]},
)
DEFINITIONS = [
    Definition(
        "changed",
        PRE,
        "new\n",
        True,
        {"kept": "1", "moved": "2"},
        {"HAS": "v", "LEFT": MASK, "NEW": MASK, "ADD": "v"},
        "c.json",
    ),
    Definition("same", PRE, "x", source="s.json"),
    Definition("silent", POST, "x", source="t.json"),
    Definition("fresh", PRE, "x\x1b[2J", None, {"a": "^1.0.0"}, {"KEY": "v"}, "f.json"),
    Definition("bad_name", PRE, "x", source="b.json"),
]


def test_a_plan_is_told_in_words() -> None:
    plan = make(DEFINITIONS, [UnreadableError("r.json", "It has no name.")], SNAPSHOT, deleting=True)
    assert list(as_lines(plan, with_differences=True)) == [
        "  create    fresh (pre-user-registration): script: 1 line; NPM modules: a ^1.0.0; disabled; "
        "secrets added: KEY",
        "            + x\x1b[2J",
        "  change    changed (pre-user-registration): script: 1 line added, 1 removed; NPM modules: moved 2; "
        "NPM modules removed: gone; secrets added: ADD; secrets given a value: HAS; "
        "secrets without a value, not added: NEW; secrets that keep their value: LEFT; "
        "secrets that only the tenant has, kept: EXTRA; It stays disabled: no value for NEW.",
        "            - old",
        "            + new",
        "              ",
        "  keep      extra (post-user-registration)",
        "  refuse    bad_name (pre-user-registration): A name has letters, digits, spaces and hyphens, and begins and "
        "ends with a letter or digit.",
        "            in b.json",
        "  refuse    r.json: It has no name.",
        "1 to create, 1 to change, 2 unchanged, 0 to delete, 1 only in the tenant, 2 refused.",
        "Nothing is deleted while something is refused.",
    ]
    short = list(as_lines(make(DEFINITIONS[:1], [], SNAPSHOT), with_differences=False))
    assert not [line for line in short if line.startswith(" " * 12)]
    assert "secrets that only the tenant has, kept: EXTRA" in short[0]
    assert "secrets removed: EXTRA" in next(
        as_lines(make(DEFINITIONS[:1], [], SNAPSHOT, deleting=True), with_differences=False)
    )


def test_a_script_with_too_many_lines_to_compare_is_told_without_numbers() -> None:
    script = "x\n" * (MAX_LINES + 1)
    taken = Snapshot([hook("long", script=script)], {})
    definitions = [Definition("long", PRE, f"{script}y"), Definition("longer", PRE, script * 2)]
    plan = make(definitions, [], taken)
    assert list(as_lines(plan, with_differences=True))[:2] == [
        f"  create    longer (pre-user-registration): script: {2 * MAX_LINES + 3} lines; disabled",
        "  change    long (pre-user-registration): script: changed, too many lines to compare; "
        "secrets: not in the file, the tenant's stay",
    ]


def test_what_a_page_has_no_room_for_is_told_without_numbers() -> None:
    (item,) = make([Definition("same", PRE, "y")], [], SNAPSHOT).of(Fate.CHANGE)
    assert changes(item, None)[0] == "script: changed, too many lines to show them here"


def test_a_plan_is_grouped_by_fates_for_a_page() -> None:
    plan = make(DEFINITIONS, [], SNAPSHOT)
    assert [(group.title, [described.item.name for described in group.hooks]) for group in groups(plan)] == [
        ("Refused", ["bad_name"]),
        ("Will be changed", ["changed"]),
        ("Will be created", ["fresh"]),
        ("Only in the tenant", ["extra"]),
        ("Unchanged", ["same", "silent"]),
    ]


def test_what_stays_of_secrets_is_said_of_a_hook_that_changes() -> None:
    said = "secrets: not in the file, the tenant's stay"
    (changed,) = make([Definition("same", PRE, "y")], [], SNAPSHOT).of(Fate.CHANGE)
    assert said in changes(changed, script_difference(changed))
    assert not any(said in line for line in as_lines(make(DEFINITIONS, [], SNAPSHOT), with_differences=False))


def test_secrets_that_were_typed_can_be_typed_again() -> None:
    typed = {"changed": {"NEW": "typed", "UNKNOWN": "x"}}
    asked = asked_secrets(make(DEFINITIONS, [], SNAPSHOT, values=typed), typed)
    assert [(item.name, name, given) for item, name, given in asked] == [("changed", "NEW", True)]
    asked = asked_secrets(make(DEFINITIONS, [], SNAPSHOT), {})
    assert [(item.name, name, given) for item, name, given in asked] == [("changed", "NEW", False)]


def test_what_is_refused_has_no_difference_and_what_is_new_has_all_lines() -> None:
    for item in make(DEFINITIONS, [], SNAPSHOT).items:
        found = script_difference(item)
        assert (found is not None) == (item.name in ("changed", "fresh"))
        assert changes(item, found) or item.fate in (Fate.KEEP, Fate.UNCHANGED)
