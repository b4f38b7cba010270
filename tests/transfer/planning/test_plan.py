"""The plan of an import: what becomes of each hook, and what keeps one from being written."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hooksui import catalogue
from hooksui.auth0.shapes import MASK, Hook
from hooksui.transfer.files.definition import Definition, UnreadableError
from hooksui.transfer.planning.plan import Fate, Item, Plan, make, needs_secrets
from hooksui.transfer.planning.snapshot import Snapshot

PRE, POST = "pre-user-registration", "post-user-registration"
SCRIPT = "module.exports = 1;\n"
NOTHING = Snapshot([], {})


def wanted(name: str = "a", **fields: Any) -> Definition:
    return Definition(**{"name": name, "trigger": PRE, "script": SCRIPT, "source": f"{name}.json", **fields})


def stored(name: str = "a", **fields: Any) -> Hook:
    return Hook(**{"id": f"id-{name}", "name": name, "trigger": PRE, "script": SCRIPT, **fields})


def tenant(*hooks: Hook, **secrets: list[str]) -> Snapshot:
    """A tenant's hooks, with the names of their secrets by the hook's name."""
    return Snapshot(list(hooks), {f"id-{name}": names for name, names in secrets.items()})


def only(plan: Plan) -> Item:
    (item,) = plan.items
    return item


def fates(plan: Plan) -> dict[str, Fate]:
    return {item.name: item.fate for item in plan.items}


def reason(*definitions: Definition, has: Snapshot = NOTHING) -> str:
    """Why the first of these is refused."""
    plan = make(list(definitions), [], has)
    assert plan.refused
    return next(item.reason for item in plan.items if item.wanted is definitions[0])


def test_what_is_new_is_created() -> None:
    item = only(make([wanted(dependencies={"a": "1"}, secrets={"KEY": "value"})], [], NOTHING))
    assert (item.fate, item.fields, item.enabled) == (Fate.CREATE, ("script", "dependencies"), False)
    assert item.secrets.add == {"KEY": "value"}
    item = only(make([wanted(enabled=True)], [], NOTHING))
    assert (item.fields, item.enabled) == (("script", "dependencies", "enabled"), True)


@pytest.mark.parametrize(
    ("fields", "changed"),
    [
        ({}, ()),
        ({"script": SCRIPT.replace("\n", "\r\n")}, ()),
        ({"script": "other"}, ("script",)),
        ({"dependencies": {}}, ()),
        ({"dependencies": {"a": "1"}}, ("dependencies",)),
        ({"enabled": False}, ()),
        ({"enabled": True, "script": "x"}, ("script", "enabled")),
        ({"name": "A"}, ()),
    ],
)
def test_only_what_differs_is_changed(fields: dict[str, Any], changed: tuple[str, ...]) -> None:
    item = only(make([wanted(**fields)], [], tenant(stored())))
    assert (item.name, item.fields) == ("a", changed)
    assert item.fate == (Fate.CHANGE if changed else Fate.UNCHANGED)


def test_what_a_file_does_not_say_stays_as_it_is() -> None:
    has = stored(enabled=True, dependencies={"a": "1"})
    item = only(make([wanted()], [], tenant(has, a=["KEY"])))
    assert (item.fate, item.fields, item.enabled, item.secrets.any) == (Fate.UNCHANGED, (), True, False)


def test_hooks_are_found_by_the_name_under_which_they_are_stored() -> None:
    for name in ("testHook1", "Test Hook 1", "test-hook1"):
        assert only(make([wanted(name)], [], tenant(stored("test-hook-1")))).fate == Fate.UNCHANGED


def test_hooks_of_the_tenant_alone_are_deleted_only_when_that_is_asked() -> None:
    has = tenant(stored("a"), stored("b"))
    assert fates(make([wanted("a")], [], has)) == {"a": Fate.UNCHANGED, "b": Fate.KEEP}
    plan = make([wanted("a")], [], has, deleting=True)
    assert (fates(plan), plan.held_back, plan.writes) == ({"a": Fate.UNCHANGED, "b": Fate.DELETE}, False, 1)
    assert fates(make([], [], has, deleting=True)) == {"a": Fate.DELETE, "b": Fate.DELETE}


def test_nothing_is_deleted_while_something_is_refused() -> None:
    has = tenant(stored("a"), stored("b"), a=["EXTRA"])
    bad = wanted("c", trigger="other")
    for definitions, unreadable in (
        ([wanted("a", secrets={}), bad], []),
        ([wanted("a", secrets={})], [UnreadableError("c.json", "It has no name.")]),
    ):
        plan = make(definitions, unreadable, has, deleting=True)
        assert (fates(plan)["b"], plan.held_back, plan.refused) == (Fate.KEEP, True, 1)
        assert (fates(plan)["a"], plan.writes) == (Fate.UNCHANGED, 0)


def test_the_plan_is_ordered_by_fates_and_names() -> None:
    has = tenant(*(stored(name) for name in "edcb"))
    plan = make([wanted("a"), wanted("b", script="x"), wanted("c"), wanted("-")], [], has)
    assert [(item.fate, item.name) for item in plan.items] == [
        (Fate.CREATE, "a"), (Fate.CHANGE, "b"), (Fate.UNCHANGED, "c"), (Fate.KEEP, "d"), (Fate.KEEP, "e"),
        (Fate.REFUSE, "-"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["-a", "a-", " a", "a_b", "ä", "a/b", "", "a\n", "../a", "-"])
def test_names_that_no_hook_can_have_are_refused(name: str) -> None:
    assert reason(wanted(name)) == (
        "A name has letters, digits, spaces and hyphens, and begins and ends with a letter or digit."
    )


def test_a_name_and_a_point_that_the_tenant_has_are_taken() -> None:
    for name, trigger in (("old_hook", PRE), ("old", "beta-point")):
        assert (
            only(make([wanted(name, trigger=trigger)], [], tenant(stored(name, trigger=trigger)))).fate
            == Fate.UNCHANGED
        )


def test_names_that_get_too_long_are_refused() -> None:
    assert reason(wanted(f"a{' ' * 127}b")) == "The name is longer than 128 characters."
    assert reason(wanted("a" * 129)) == reason(wanted("a1" * 60)) == "The name is longer than 128 characters."
    assert only(make([wanted("a" * 128)], [], NOTHING)).fate == Fate.CREATE


@pytest.mark.parametrize("other", ["Test1", "test-1", "test 1", "test1"])
def test_names_that_are_stored_alike_are_both_refused(other: str) -> None:
    first, second = wanted("test1"), wanted(other, source="other.json")
    assert reason(first, second) == "other.json has the same name: both would be stored as test-1."
    assert reason(second, first) == "test1.json has the same name: both would be stored as test-1."


def test_a_point_that_there_is_not_is_refused() -> None:
    told = reason(wanted(trigger="post-login"))
    assert told.startswith("There is no extensibility point post-login. Use one of ")
    assert all(trigger in told for trigger in catalogue.points())


def test_a_hook_does_not_move_to_another_point() -> None:
    told = f"The tenant has a at {POST}. Delete it there, or give this one another name."
    assert reason(wanted(), has=tenant(stored(trigger=POST))) == told


def test_two_enabled_hooks_of_one_point_are_refused() -> None:
    told = "Only one hook can be enabled at a point, but the files also enable b. Disable one."
    assert reason(wanted("a", enabled=True), wanted("b", enabled=True)) == told
    assert not make([wanted("a", enabled=True), wanted("b", enabled=True, trigger=POST)], [], NOTHING).refused
    many = [wanted(f"a{letter}", enabled=True) for letter in "bcdef"]
    assert reason(*many).startswith(
        "Only one hook can be enabled at a point, but the files also enable ac, ad, ae and more."
    )
    assert reason(*many[:4]).startswith(
        "Only one hook can be enabled at a point, but the files also enable ac, ad, ae. "
    )


def test_the_same_hook_in_two_folders_is_told_before_what_follows_from_it() -> None:
    both = [wanted(enabled=True, source=f"{name}/hooks/a.json") for name in ("dev", "prod")]
    assert reason(*both) == "prod/hooks/a.json describes the same hook. Import one of the folders on its own."
    both = [replace(one, script="", trigger="none") for one in both]
    assert reason(*both, has=tenant(stored())).startswith("prod/hooks/a.json describes the same hook.")
    third = wanted(source="test/hooks/a.json")
    assert reason(third, *both).startswith("dev/hooks/a.json, prod/hooks/a.json describe the same hook.")
    # Of another hook of that point nothing is said: which of both folders counts is not known.
    plan = make([*both, wanted("b", enabled=True, source="prod/hooks/b.json")], [], NOTHING)
    assert fates(plan) == {"a": Fate.REFUSE, "b": Fate.CREATE}


def test_what_no_tenant_takes_is_told_before_what_does_not_go_together() -> None:
    broken: list[dict[str, Any]] = [{"trigger": "post-login"}, {"name": "-"}, {"script": ""}, {"secrets": {"": "x"}}]
    for fields in broken:
        assert not reason(wanted(**{"enabled": True, **fields}), wanted("b", enabled=True)).startswith("Only one hook")
    one = wanted("a", enabled=True, trigger="@@POINT@@")
    told = "The keyword POINT, which stands for its extensibility point, has no value."
    assert reason(one, replace(one, name="b")) == told


def test_a_name_that_the_tenant_has_twice_is_refused() -> None:
    has = Snapshot([stored(), replace(stored(), id="other")], {})
    assert reason(wanted(), has=has) == "The tenant has 2 hooks of this name. Rename one of them first."


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"script": " \n"}, "The script is empty. Write a function that the module exports."),
        ({"script": "x\r\n" * 33_334}, "The script has 100.1 kB; the limit is 100 kB. Move code into NPM modules."),
        ({"script": "é" * 50_001}, "The script has 100.1 kB; the limit is 100 kB. Move code into NPM modules."),
        ({"secrets": {"": "x"}}, "The name of a secret has 1 to 128 characters."),
        ({"secrets": {"A" * 129: MASK}}, "The name of a secret has 1 to 128 characters."),
        ({"secrets": {"A": ""}}, "Secret A: Enter a value."),
        ({"secrets": {"A": "a\0b"}}, "Secret A: The value has a NUL character. Remove it."),
        ({"secrets": {"A": "\ud800"}}, "Secret A: The value has an unpaired surrogate (half a character). Remove it."),
        ({"secrets": {"\0": MASK}}, "The name of a secret has a NUL character."),
        ({"script": "a\0"}, "The script has a NUL character. Remove it."),
        ({"script": "\udfff"}, "The script has an unpaired surrogate (half a character). Remove it."),
        ({"dependencies": {"a": "\0"}}, "The name or the version of an NPM module has a NUL character."),
        (
            {"dependencies": {"b": "1", "\ud800": "1"}},
            "The name or the version of an NPM module has an unpaired surrogate (half a character).",
        ),
        ({"secrets": {"A": "x\r\n" * 1366}}, "Secret A: The value is longer than 4096 characters."),
        ({"secrets": {"A": "x" * 4097}}, "Secret A: The value is longer than 4096 characters."),
        ({"secrets": {str(number): "x" for number in range(21)}}, "It would have 21 secrets, and a hook can have 20."),
        ({"secrets": {str(number): MASK for number in range(21)}}, "It would have 21 secrets, and a hook can have 20."),
    ],
)
def test_what_the_api_would_refuse_is_refused_before(fields: dict[str, Any], told: str) -> None:
    assert reason(wanted(**fields)) == told


def test_secrets_of_the_tenant_count_unless_they_are_removed() -> None:
    has = tenant(stored(), a=[f"OLD{number}" for number in range(20)])
    definition = wanted(secrets={"NEW": "x"})
    assert only(make([definition], [], has)).reason == "It would have 21 secrets, and a hook can have 20."
    assert only(make([definition], [], has, deleting=True)).fate == Fate.CHANGE
    update = wanted(secrets={"OLD1": "x"})
    assert only(make([update], [], has)).fate == Fate.CHANGE


def test_secrets_are_needed_only_of_hooks_whose_files_have_some() -> None:
    definitions = [wanted("A1", secrets={"KEY": MASK}), wanted("b", secrets={}), wanted("c")]
    assert needs_secrets(definitions, deleting=False) == {"a-1"}
    assert needs_secrets(definitions, deleting=True) == {"a-1", "b"}


def test_files_that_say_nothing_of_secrets_leave_them_alone() -> None:
    for deleting in (False, True):
        item = only(make([wanted(secrets=None)], [], tenant(stored(), a=["KEY"]), deleting=deleting))
        assert (item.fate, item.secrets.any, item.secrets.extra) == (Fate.UNCHANGED, False, [])


@pytest.mark.parametrize("mask", [MASK, "_VALUE_NOT_SHOWN", f" {MASK}\n"])
def test_the_mask_is_never_written(mask: str) -> None:
    definition = wanted(secrets={"HAS": mask, "NEW": mask})
    for values in ({}, {"a": {"NEW": mask, "HAS": mask}}, {"a": {"NEW": ""}}):
        item = only(make([definition], [], tenant(stored(), a=["HAS"]), values=values))
        assert (item.fate, item.secrets.left, item.secrets.missing) == (Fate.UNCHANGED, ["HAS"], ["NEW"])
        assert not item.secrets.any
    plan = make([definition], [], NOTHING)
    assert [(item.name, name) for item, name in plan.missing_secrets] == [("a", "HAS"), ("a", "NEW")]


def test_typed_values_are_used() -> None:
    values = {"a": {"NEW": "typed", "HAS": "typed too", "OTHER": "of no file"}, "b": {"NEW": "of another hook"}}
    item = only(
        make([wanted("A", secrets={"HAS": MASK, "NEW": "old"})], [], tenant(stored(), a=["HAS"]), values=values)
    )
    assert (item.secrets.add, item.secrets.update, item.secrets.missing) == ({"NEW": "typed"}, {"HAS": "typed too"}, [])
    assert "typed" not in repr(item)


def test_extra_secrets_are_kept_unless_deleting_is_asked() -> None:
    has = tenant(stored(), a=["HAS", "EXTRA"])
    item = only(make([wanted(secrets={"HAS": MASK})], [], has))
    assert (item.fate, item.secrets.extra, item.secrets.remove) == (Fate.UNCHANGED, ["EXTRA"], False)
    item = only(make([wanted(secrets={"HAS": MASK})], [], has, deleting=True))
    assert (item.fate, item.secrets.extra, item.secrets.remove) == (Fate.CHANGE, ["EXTRA"], True)


@pytest.mark.parametrize("rival", [None, wanted("b"), wanted("b", script="other")])
def test_what_runs_at_the_point_of_a_new_enabled_hook_is_disabled(rival: Definition | None) -> None:
    has = tenant(stored("b", enabled=True), stored("c", enabled=True, trigger=POST))
    plan = make([wanted("a", enabled=True), *([rival] if rival else [])], [], has)
    (item,) = [item for item in plan.items if item.name == "b"]
    assert (item.fate, item.enabled, item.fields[-1]) == (Fate.CHANGE, False, "enabled")
    assert item.reason == "It is disabled because a will run at this point."
    assert fates(plan)["c"] == Fate.KEEP


def test_a_hook_that_is_to_go_is_disabled_before() -> None:
    plan = make([wanted("a", enabled=True)], [], tenant(stored("b", enabled=True)), deleting=True)
    item = plan.items[-1]
    assert (item.name, item.fate, item.fields, item.enabled) == ("b", Fate.DELETE, ("enabled",), False)


@pytest.mark.parametrize(
    ("refused", "has"),
    [
        (wanted("b", script=""), [stored("b", enabled=True)]),
        # It runs at another point than its file says.
        (wanted("b", trigger=POST), [stored("b", enabled=True)]),
        # The second of two of that name runs.
        (wanted("b"), [stored("b"), replace(stored("b", enabled=True), id="second")]),
    ],
)
def test_nothing_is_put_in_the_place_of_a_hook_whose_own_file_is_refused(refused: Definition, has: list[Hook]) -> None:
    plan = make([wanted("a", enabled=True), refused], [], Snapshot(has, {}))
    assert {item.name: item.reason for item in plan.of(Fate.REFUSE)}["a"] == (
        "b runs at this point, and its own file is refused. Fix that first."
    )
    assert plan.writes == 0


NAMES = st.sampled_from(["a", "A", "b", "c", "test1", "test-1", "-"])
TRIGGERS = st.sampled_from([PRE, POST])
SECRETS = st.dictionaries(st.sampled_from(["K", "L", "M"]), st.sampled_from(["x", MASK]))
DEFINITIONS = st.lists(
    st.builds(
        Definition, name=NAMES, trigger=TRIGGERS, script=st.sampled_from(["x", "y", ""]),
        enabled=st.none() | st.booleans(), secrets=st.none() | SECRETS,
    ),
    max_size=5,
)  # fmt: skip


def test_what_runs_is_not_stopped_while_what_is_to_run_instead_is_refused() -> None:
    has = tenant(stored("old", enabled=True))
    plan = make([wanted("old", enabled=False), wanted("new_", enabled=True)], [], has)
    assert fates(plan) == {"old": Fate.REFUSE, "new_": Fate.REFUSE}
    (old,) = [item for item in plan.items if item.name == "old"]
    assert old.reason == "It is enabled, and new_, which is to replace it, cannot be enabled yet. Fix that first."


def test_no_hook_is_enabled_before_its_secrets_have_values() -> None:
    new = wanted("new", enabled=True, secrets={"KEY": MASK})
    has = tenant(stored("old", enabled=True))
    plan = make([new], [], has)
    assert fates(plan) == {"new": Fate.CREATE, "old": Fate.KEEP}
    (item,) = plan.of(Fate.CREATE)
    assert (item.enabled, item.fields) == (False, ("script", "dependencies"))
    assert item.reason == "It stays disabled: no value for KEY."
    plan = make([new, wanted("old", enabled=False)], [], has)
    assert fates(plan) == {"new": Fate.CREATE, "old": Fate.REFUSE}
    plan = make([new, wanted("old", enabled=False)], [], has, values={"new": {"KEY": "value"}})
    assert {item.name: item.enabled for item in plan.items} == {"new": True, "old": False}


def test_no_new_script_runs_before_its_secrets_have_values() -> None:
    has = tenant(stored(enabled=True))
    changed = wanted(script="module.exports = 2;\n", secrets={"KEY": MASK})
    item = only(make([changed], [], has))
    assert (item.fate, item.reason) == (
        Fate.REFUSE,
        "Needs KEY: this hook is enabled. Enter a value.",
    )
    assert item.secrets.missing == ["KEY"]
    assert only(make([changed], [], has, values={"a": {"KEY": "value"}})).fate == Fate.CHANGE
    assert only(make([changed], [], tenant(stored()))).fate == Fate.CHANGE


@st.composite
def tenants(draw: st.DrawFn) -> Snapshot:
    """Any tenant that has one enabled hook at most at each point; names may be there twice."""
    hooks: list[Hook] = []
    for number in range(draw(st.integers(0, 5))):
        trigger = draw(TRIGGERS)
        enabled = draw(st.booleans()) and not any(hook.enabled and hook.trigger == trigger for hook in hooks)
        name = draw(NAMES.filter(lambda name: name == catalogue.stored_name(name)))
        hooks.append(Hook(str(number), name, trigger, "x", {}, enabled))
    return Snapshot(hooks, {hook.id: list(draw(SECRETS)) for hook in hooks})


def applied(plan: Plan, hooks: list[Hook]) -> list[Hook]:
    """The tenant's hooks once the plan is carried out."""
    after = {hook.id: hook for hook in hooks}
    for number, item in enumerate(plan.items):
        if item.fate == Fate.DELETE and item.current:
            del after[item.current.id]
        elif item.fate in (Fate.CREATE, Fate.CHANGE):
            hook = item.current or Hook(f"new-{number}", item.key, item.trigger)
            after[hook.id] = replace(
                hook,
                script=item.wanted.script if item.wanted and "script" in item.fields else hook.script,
                enabled=item.enabled if "enabled" in item.fields else hook.enabled,
            )
    return list(after.values())


@given(DEFINITIONS, tenants(), st.booleans(), st.lists(st.just(UnreadableError("x", "y")), max_size=1))
@settings(max_examples=300, deadline=None)
def test_whatever_is_planned_no_point_gets_two_enabled_hooks(
    definitions: list[Definition], has: Snapshot, deleting: bool, unreadable: list[UnreadableError]
) -> None:
    plan = make(definitions, unreadable, has, deleting=deleting)
    after = applied(plan, has.hooks)
    enabled = [hook.trigger for hook in after if hook.enabled]
    assert len(enabled) == len(set(enabled))
    gone = {hook.id for hook in has.hooks} - {hook.id for hook in after}
    assert not gone or (deleting and not plan.refused)
    written = [value for item in plan.items for value in [*item.secrets.add.values(), *item.secrets.update.values()]]
    assert MASK not in written
    # A second plan for the same files has nothing left to do but for secrets, whose values cannot be compared.
    again = make(definitions, unreadable, Snapshot(after, {}), deleting=deleting)
    assert not [item for item in again.items if item.fields and item.fate in (Fate.CREATE, Fate.CHANGE, Fate.DELETE)]


@given(tenants())
@settings(deadline=None)
def test_a_tenants_own_export_changes_nothing(has: Snapshot) -> None:
    has = Snapshot(list({hook.name: hook for hook in has.hooks}.values()), has.secrets)
    plan = make([definition for _, definition in has.definitions()], [], has, deleting=True)
    assert set(fates(plan).values()) <= {Fate.UNCHANGED}
    assert (plan.writes, plan.missing_secrets) == (0, [])
