"""Terraform states, and files that are none."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hooksui.auth0.shapes import MASK
from hooksui.transfer.files.definition import Definition, UnreadableError
from hooksui.transfer.formats.terraform.state import only_planned, read_state

SCRIPT = "module.exports = (user, context, cb) => cb(null, { user });\n"


def state(*attributes: Any, **more: Any) -> str:
    """A state with one hook, each of whose instances has one of `attributes`."""
    hook = {"mode": "managed", "type": "auth0_hook", "name": "h", **more}
    hook["instances"] = [{"schema_version": 0, "attributes": each} for each in attributes]
    return json.dumps({"version": 4, "terraform_version": "1.5.0", "resources": [hook]})


def attributes(**changes: Any) -> dict[str, Any]:
    plain = {"id": "01A", "name": "hook", "script": SCRIPT, "trigger_id": "t", "enabled": True}
    return {**plain, "dependencies": {"auth0": "2.30.0"}, "secrets": {"KEY": "value"}, **changes}


def state_refusal(text: str) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_state("terraform.tfstate", text)
    assert caught.value.source == "terraform.tfstate"
    return caught.value.reason


def test_a_state_gives_hooks_with_their_secrets() -> None:
    (definition,) = read_state("terraform.tfstate", state(attributes()))
    assert definition == Definition(
        "hook", "t", SCRIPT, True, {"auth0": "2.30.0"}, {"KEY": "value"}, source="terraform.tfstate"
    )


def test_what_is_null_in_a_state_is_not_said() -> None:
    (definition,) = read_state("s", state(attributes(enabled=None, dependencies=None, secrets=None)))
    assert (definition.enabled, definition.dependencies, definition.secrets) == (None, None, None)


def test_an_empty_map_of_secrets_in_a_state_says_nothing_of_secrets() -> None:
    assert read_state("s", state(attributes(secrets={})))[0].secrets is None


def test_a_secret_that_is_null_in_a_state_is_unknown() -> None:
    assert read_state("s", state(attributes(secrets={"A": None, "B": "b"})))[0].secrets == {"A": MASK, "B": "b"}


def test_all_instances_in_all_modules_of_a_state_are_read() -> None:
    data = json.loads(state(attributes(name="one"), attributes(name="two"), module="module.a"))
    data["resources"][0]["instances"][1]["index_key"] = "b"
    data["resources"][0]["instances"].append({"deposed": "0f", "attributes": attributes(name="old")})
    data["resources"] += json.loads(state(attributes(name="three")))["resources"]
    data["resources"] += json.loads(state({}, type="auth0_action"))["resources"]
    data["resources"] += json.loads(state({}, mode="data"))["resources"]
    assert [hook.name for hook in read_state("s", json.dumps(data))] == ["one", "two", "three"]


def test_what_terraform_shows_of_a_state_is_read() -> None:
    def shown(name: str, **more: str) -> dict[str, Any]:
        hook = {
            "address": f"auth0_hook.{name}",
            "mode": "managed",
            "type": "auth0_hook",
            "values": attributes(name=name),
        }
        return {**hook, **more}

    inner = {"address": "module.a.module.b", "resources": [shown("three")]}
    modules = [
        {"resources": [shown("two")], "child_modules": [inner]},
        {"resources": [shown("four"), shown("five", mode="data")]},
    ]
    values = {"root_module": {"resources": [shown("one"), {"type": "auth0_action"}], "child_modules": modules}}
    hooks = read_state("s", json.dumps({"format_version": "1.0", "values": values}))
    assert [hook.name for hook in hooks] == ["one", "two", "three", "four"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Line 1: This is not valid JSON"),
        ("{\n,}", "Line 2: This is not valid JSON"),
        (100_000 * "[", "It is nested too deeply."),
        (5_000 * "1", "It has a number that is too long to be read."),
        ("[]", "This is not a Terraform state."),
        ("null", "This is not a Terraform state."),
        ('{"hooks": []}', "This is not a Terraform state."),
        ('{"version": 3, "modules": []}', "The state's version is not 4."),
        ('{"version": 4}', "The state has no auth0_hook."),
        ('{"version": 4, "resources": {}}', "resources in the state must be a list of objects."),
        ('{"version": 4, "resources": [1]}', "resources in the state must be a list of objects."),
        ('{"values": {}}', "A module of the state is not an object."),
        ('{"values": {"root_module": {}}}', "The state has no auth0_hook."),
        ('{"values": {"root_module": {"child_modules": [[]]}}}', "child_modules in the state must be a list"),
        (state(type="auth0_rule"), "The state has no auth0_hook."),
        (state(None), "auth0_hook.h has no attributes."),
        (state(attributes(script=None)), "auth0_hook.h has no script."),
        (state(attributes(script="")), "auth0_hook.h has no script."),
        (state(attributes(), attributes(name=None), module="module.a"), "module.a.auth0_hook.h has no name."),
        (state(attributes(trigger_id=1)), "auth0_hook.h has a trigger_id that is not a text."),
        (state(attributes(name="\ud800")), "auth0_hook.h has a name that is not a text."),
        (state(attributes(enabled="true")), "auth0_hook.h has something other than true or false for enabled."),
        (state(attributes(secrets=["a"])), "auth0_hook.h has something other than names and texts for secrets."),
        (state(attributes(secrets={"a": 1})), "auth0_hook.h has something other than names and texts for secrets."),
        (state(attributes(dependencies={"a": None})), "auth0_hook.h has something other than names and texts"),
    ],
)
def test_what_is_no_state_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert state_refusal(text).startswith(reason)


def test_the_instance_that_cannot_be_read_is_named() -> None:
    data = json.loads(state({}))
    data["resources"][0]["instances"][0]["index_key"] = "eu"
    assert state_refusal(json.dumps(data)) == 'auth0_hook.h["eu"] has no name.'


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=3), max_leaves=4
)


@settings(database=None, deadline=None, derandomize=True, max_examples=200)
@given(st.dictionaries(st.sampled_from(["mode", "type", "name", "module", "instances"]), JSON), JSON, JSON)
def test_no_state_leads_to_another_error(hook: dict[str, Any], index: Any, value: Any) -> None:
    texts = [
        state(attributes(secrets=value), **{**hook, "mode": "managed", "type": "auth0_hook"}),
        json.dumps({"version": 4, "resources": [{"instances": [], **hook}]}),
        state(attributes()).replace('"schema_version": 0', f'"index_key": {json.dumps(index)}'),
        json.dumps({"values": {"root_module": {"resources": [hook], "child_modules": value}}}),
    ]
    for text in texts:
        with contextlib.suppress(UnreadableError):
            read_state("s", text)


def test_secrets_may_have_resources_of_their_own() -> None:
    def managed(kind: str, label: str, **attributes: Any) -> dict[str, Any]:
        return {"mode": "managed", "type": kind, "name": label, "instances": [{"attributes": attributes}]}

    hook = managed("auth0_hook", "h", id="1", name="h", trigger_id="t", script="s", secrets={"A": "a"})
    secret = managed("auth0_hook_secret", "s", hook_id="1", name="B", value="b")
    unknown = managed("auth0_hook_secret", "u", hook_id="1", name="C")
    state = {"version": 4, "resources": [secret, hook, unknown]}
    (definition,) = read_state("x", json.dumps(state))
    assert definition.secrets == {"A": "a", "B": "b", "C": MASK}
    for other, reason in (
        (
            managed("auth0_hook_secret", "s", hook_id="2", name="B"),
            "auth0_hook_secret.s is a secret of no hook in the state.",
        ),
        (managed("auth0_hook_secrets", "s"), "auth0_hook_secrets.s is of a kind that is not known."),
    ):
        with pytest.raises(UnreadableError) as error:
            read_state("x", json.dumps({"version": 4, "resources": [hook, other]}))
        assert error.value.reason == reason


def test_hooks_that_only_a_plan_has_are_told() -> None:
    def module(*names: str) -> dict[str, Any]:
        values = [{"name": name, "trigger_id": "t", "script": "s"} for name in names]
        kinds = {"mode": "managed", "type": "auth0_hook"}
        return {
            "root_module": {"resources": [{**kinds, "address": f"auth0_hook.{v['name']}", "values": v} for v in values]}
        }

    plan = {"format_version": "1", "planned_values": module("a", "b"), "prior_state": {"values": module("a", "c")}}
    assert [hook.name for hook in read_state("x", json.dumps(plan))] == ["a", "c"]
    assert only_planned("x", plan) == ["auth0_hook.b"]
    assert only_planned("x", {**plan, "prior_state": None}) == ["auth0_hook.a", "auth0_hook.b"]
    assert only_planned("x", plan["prior_state"]) == []
