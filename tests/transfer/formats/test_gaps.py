"""What was not read is never deleted: every sign of hooks missing from the files is told, and holds deletion back."""

import json
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from hooksui.auth0.shapes import Hook
from hooksui.transfer.files.packing import to_zip
from hooksui.transfer.files.texts import Texts
from hooksui.transfer.formats.base import Reading
from hooksui.transfer.formats.reading import read as read_texts
from hooksui.transfer.formats.sources import from_uploads
from hooksui.transfer.formats.terraform.writing import write as write_terraform
from hooksui.transfer.planning.plan import Fate, Plan, make
from hooksui.transfer.planning.snapshot import Snapshot
from tests.transfer.readings import DIRECTORY, DUMP, HOOK, SCRIPT, hook, named, read, refusals

POINT = "pre-user-registration"


def listed(*names: str, start: int = 0, total: int | None = None, **fields: Any) -> dict[str, Any]:
    """An answer of the API: the hooks of these names from `start` on, of `total`."""
    said = {"start": start, "total": total, **fields}
    hooks = [hook(id=f"id-{name}", name=name, script=SCRIPT) for name in names]
    return {"hooks": hooks, **{key: value for key, value in said.items() if value is not None}}


def deleted(found: Reading, *names: str) -> list[str]:
    """Which of the tenant's hooks, called `names`, an import would delete."""
    has = Snapshot([Hook(id=name, name=name, trigger=POINT, script=SCRIPT) for name in names], {})
    plan = make(found.definitions, found.unreadable, has, gaps=found.gaps, deleting=True)
    return [item.name for item in plan.of(Fate.DELETE)]


def told(found: Reading) -> list[str]:
    return list(map(str, found.gaps))


def test_a_page_of_a_list_is_not_the_list() -> None:
    found = read({"page.json": listed("a", total=3)})
    assert told(found) == ["page.json has 1 of 3 hooks; get the other pages too."]
    assert deleted(found, "a", "b", "c") == []
    for page in (
        listed("c", start=2, total=3),
        listed("c", start=2),
        listed("a", limit=1),
        listed("a", next="token"),
        listed(start=3, total=3),
    ):
        assert (named(read({"p.json": page})), deleted(read({"p.json": page}), "b")) == (["p.json"], [])


WHOLE = [
    listed("a", "b"),
    listed("a", "b", total=2, limit=2),
    listed("a", limit=50),
    listed("a", total=1, limit=1),
    listed(total=0),
    [hook(id="1", script=SCRIPT)],
]


@pytest.mark.parametrize("content", WHOLE)
def test_a_whole_list_is_one(content: Any) -> None:
    found = read({"all.json": content})
    assert (found.formats, found.gaps, deleted(found, "z")) == ([DUMP], [], ["z"])


PAGES = {
    "1.json": listed("a", "b", start=0, total=5, limit=2),
    "2.json": listed("c", "d", start=2, total=5, limit=2),
    "3.json": listed("e", start=4, total=5, limit=2),
}


@given(st.permutations(list(PAGES)), st.sampled_from(["", "in/"]), st.booleans())
def test_all_pages_are_one_list_in_any_order(order: list[str], folder: str, overlapping: bool) -> None:
    more = {f"{folder}4.json": listed("b", "c", start=1, total=5, limit=2)} if overlapping else {}
    found = read({folder + name: PAGES[name] for name in order} | more)
    assert sorted(definition.name for definition in found.definitions) == list("abcde")
    assert (found.gaps, found.unreadable, deleted(found, "a", "z")) == ([], [], ["z"])


def test_a_missing_page_is_noticed_whichever_it_is() -> None:
    for count in (1, 2):
        for names in combinations(PAGES, count):
            found = read({name: PAGES[name] for name in names})
            assert (named(found), deleted(found, *"abcde")) == ([", ".join(names)], [])
    # Between the two calls a hook came in: the pages overlap, and one hook is on neither.
    found = read({"1.json": listed("a", "b", total=3), "2.json": listed("b", start=2, total=3)})
    assert told(found) == ["1.json, 2.json have 2 of 3 hooks; get the other pages too."]


def test_pages_without_a_total_follow_each_other_to_a_last_one() -> None:
    pages = {
        "1.json": listed("a", limit=1),
        "2.json": listed("b", start=1, limit=1),
        "3.json": listed(start=2, limit=1),
    }
    assert named(read({"1.json": pages["1.json"], "2.json": pages["2.json"]})) == ["1.json, 2.json"]
    assert named(read({"1.json": pages["1.json"], "3.json": pages["3.json"]})) == ["1.json, 3.json"]
    assert read(pages).gaps == []


def test_pages_of_two_lists_do_not_make_a_whole_one() -> None:
    mixed = {
        "dev-1.json": listed("a", total=2),
        "dev-2.json": listed("b", start=1, total=2),
        "x.json": listed("c", total=2),
    }
    assert told(read(mixed)) == [
        "dev-1.json, dev-2.json, x.json have 3 hooks of a list of 2. Give the pages of one list, saved together."
    ]
    apart = {f"dev/{n}.json": page for n, page in enumerate((listed("a", total=2), listed("b", start=1, total=2)))}
    assert named(read({**apart, "prod/1.json": listed("c", total=2)})) == ["prod/1.json"]


# Files that describe the hook `welcome` in some way that is not read beside, or instead of, the files of `door`.
WELCOME = {"name": "welcome", "triggerId": "post-user-registration", "script": SCRIPT}
UNREAD: list[tuple[str, Any]] = [
    ("other-hooks.json", {"welcome": {key: WELCOME[key] for key in ("triggerId", "script")}}),
    ("dump.json", [WELCOME]),
    ("backup/all.json", {"data": {"hooks": [WELCOME]}}),
    ("hooks.jsonl", json.dumps(WELCOME) + "\n"),
    ("hooks/welcome.json", {"title": "welcome", "point": "post-user-registration"}),
    ("more.yaml", "hooks:\n  - name: welcome\n    triggerId: post-user-registration\n    script: x(1)\n"),
    ("list.yml", "welcome:\n  triggerId: '@@POINT@@'\n"),
    ("terraform.tfstate.backup", {"version": 4, "resources": [{"type": "auth0_hook"}]}),
    ("escaped.json", {"body": json.dumps(WELCOME)}),
    ("python.json", "{'triggerId': 'post-user-registration'}"),
    ("broken.json", '{"triggerId": "post-user-registration", '),
]
DOOR: list[dict[str, Any]] = [
    {"hooks/door.json": hook(name="door", script="./door.js"), "hooks/door.js": SCRIPT},
    {"tenant.yaml": "hooks:\n  - {name: door, script: door.js, triggerId: pre-user-registration}\n", "door.js": SCRIPT},
]


@pytest.mark.parametrize("door", DOOR)
@pytest.mark.parametrize(("path", "content"), UNREAD)
def test_a_file_with_hooks_that_is_not_read_is_named_and_nothing_deleted(
    door: dict[str, Any], path: str, content: Any
) -> None:
    found = read({**door, path: content})
    assert ([definition.name for definition in found.definitions], found.others) == (["door"], 0)
    assert [*named(found), *refusals(found)] == [path]
    assert deleted(found, "door", "welcome") == []


@pytest.mark.parametrize(("path", "content"), UNREAD[:1] + UNREAD[2:5] + UNREAD[8:9])
def test_alone_it_is_named_too(path: str, content: Any) -> None:
    found = read({path: content, "README.json": {}})
    assert found.formats == []
    assert found.nothing.startswith(f"has no hooks in a known format. {path} seems to have hooks")


def test_terraforms_files_beside_a_state_are_named() -> None:
    door = state("door")
    files = {"terraform.tfstate": door, **write_terraform([("1", HOOK)]), "w.tf.json": tf_json("welcome")}
    found = read(files)
    assert (named(found), deleted(found, "door", "welcome")) == (["hooks.tf", "w.tf.json"], [])
    # A state's backup is only worth a word where the state beside it has not all of its hooks any more.
    backup = {"terraform.tfstate": door, "terraform.tfstate.backup": door}
    assert (read(backup).gaps, read(backup).others) == ([], 1)
    found = read({**backup, "terraform.tfstate": {**door, "resources": []}})
    assert (named(found), found.others) == (["terraform.tfstate.backup"], 1)
    assert [one.name for one in read({"terraform.tfstate.backup": door}).definitions] == ["door"]
    elsewhere = {"a/terraform.tfstate": door, "b/terraform.tfstate.backup": door}
    assert named(read(elsewhere)) == ["b/terraform.tfstate.backup"]


def test_a_script_is_no_other_hooks_for_having_the_same_text() -> None:
    others = {"hooks/c.js": SCRIPT}
    found = read({**others, "e.tf.json": tf_json("e")})
    assert (named(found), deleted(found, "c", "e"), deleted(found, "e", "x")) == (["hooks/c.js"], [], ["x"])
    kept = {"terraform.tfstate": state("a")}
    found = read({**others, **kept, "hooks/a.js": SCRIPT})
    assert (named(found), deleted(found, "a", "c")) == (["hooks/c.js"], [])
    # A configuration says which it is.
    for script in ("${path.module}/hooks/c.js", "hooks/c.js"):
        found = read({**others, "e.tf": HCL % (f'file("{script}")')})
        assert (found.gaps, deleted(found, "c", "e")) == ([], ["c"])
    found = read({**others, **kept, "b.tf": 'module "b" {\n script = "hooks/c.js"\n}\n'})
    assert found.gaps == []


def resource(name: str) -> dict[str, Any]:
    attributes = {"name": name, "script": SCRIPT, "trigger_id": POINT}
    return {"mode": "managed", "type": "auth0_hook", "name": name, "instances": [{"attributes": attributes}]}


def tf_json(name: str) -> dict[str, Any]:
    return {"resource": {"auth0_hook": {name: {"name": name, "script": SCRIPT, "trigger_id": POINT}}}}


HCL = f'resource "auth0_hook" "e" {{\n name = "e"\n script = %s\n trigger_id = "{POINT}"\n}}\n'

OTHERS: dict[str, Any] = {
    "hooks/package.json": {"name": "hooks", "version": "1.0.0", "dependencies": {"axios": "1"}},
    "hooks/tsconfig.json": "{ // comments\n}",
    "hooks/config.json": {"compilerOptions": {}},
    "hooks/package-lock.json": "{",
    "hooks/empty.json": {},
    "package.json": {"hooks": {"pre-commit": "lint"}},
    "clients.tfstate": {"version": 4, "terraform_version": "1", "serial": 2, "resources": [{"type": "auth0_client"}]},
    "outputs.json": {"version": 4, "terraform_version": "1", "outputs": {}},
    "actions/a.json": {"name": "a", "code": "./a.js", "supported_triggers": [{"id": "credentials-exchange"}]},
    "triggers/triggers.json": {"credentials-exchange": [{"action_name": "a"}], "post-user-registration": []},
    "gtm.json": {"tag": [{"name": "t", "triggerId": "7"}]},
    "appspec.yml": "hooks:\n  BeforeInstall: x\n",
    "values.yaml": "hooks: []\n",
    "rules/a.js": "module.exports = 1;",
}


@pytest.mark.parametrize("door", DOOR)
@pytest.mark.parametrize("path", OTHERS)
def test_what_is_about_other_things_holds_nothing_back(door: dict[str, Any], path: str) -> None:
    found = read({**door, path: OTHERS[path]})
    assert (found.gaps, found.unreadable, found.others) == ([], [], 1)
    assert deleted(found, "door", "welcome") == ["welcome"]


@pytest.mark.parametrize("path", [path for path, content in OTHERS.items() if content != "{" and "//" not in content])
def test_what_is_about_other_things_is_no_hook_by_itself(path: str) -> None:
    found = read({path: OTHERS[path], "README.md": ""})
    assert (found.formats, found.definitions, found.unreadable, found.gaps) == ([], [], [], [])


def test_a_package_in_the_folder_of_hooks_makes_no_deploy_cli_folder() -> None:
    found = read({"hooks/package.json": OTHERS["hooks/package.json"], "all.json": listed("a")})
    assert (found.formats, found.gaps, found.others) == ([DUMP], [], 1)


def test_scripts_that_nothing_names_are_counted_and_told_where_hooks_are() -> None:
    files = {"hooks/door.json": hook(name="door", script="./door.js"), "hooks/door.js": SCRIPT}
    others = {
        "rules/r.js": SCRIPT,
        "rules/r.json": {"name": "r", "script": "./r.js", "order": 1},
        "hooks/lib/u.js": "1",
    }
    found = read({**files, **others, "hooks/forgotten.js": SCRIPT, "hooks/helper.test.js": "test(1)"})
    assert (named(found), found.others) == (["hooks/forgotten.js"], 5)
    # It may be the hook of its name; others may go.
    assert (deleted(found, "door", "other"), deleted(found, "door", "other", "Forgotten")) == (["other"], [])
    # Where the JSON is there, and cannot be used, it has been told.
    found = read({**files, "hooks/bad.json": "{", "hooks/bad.js": SCRIPT})
    assert (named(found), list(refusals(found)), found.others) == ([], ["hooks/bad.json"], 1)
    assert named(read({"hooks/a.js": SCRIPT})) == ["hooks/a.js"]
    # A JSON beside it that says nothing of a hook is no word for it.
    found = read({**files, "hooks/odd.json": {"title": "odd"}, "hooks/odd.js": SCRIPT})
    assert (named(found), found.others, deleted(found, "odd")) == (["hooks/odd.js"], 2, [])


def test_what_lies_where_hooks_are_kept_and_names_a_script_is_told() -> None:
    odd = {"name": "x", "script": "./x.js", "stage": "login"}
    assert refusals(read({"hooks/x.json": odd})) == {"hooks/x.json": "It has a field that no hook has: stage."}


def test_what_cannot_be_decoded_counts_where_it_may_have_hooks() -> None:
    latin = "// für\nmodule.exports = 1;\n".encode("latin-1")
    door = json.dumps(hook(name="door", script="./door.js")).encode()
    files = [("hooks/door.json", door), ("hooks/door.js", SCRIPT.encode())]
    found = read_texts(
        from_uploads([*files, ("rules/r.js", latin), ("users.json", '{"name": "Jürg"}'.encode("latin-1"))]), {}
    )
    assert (found.formats, found.unreadable, found.gaps, found.others) == ([DIRECTORY], [], [], 2)
    dump = json.dumps([{**WELCOME, "script": "ü"}], ensure_ascii=False)
    for encoding in ("latin-1", "utf-16-le"):
        found = read_texts(from_uploads([*files, ("dump.json", dump.encode(encoding))]), {})
        assert (list(refusals(found)), deleted(found, "welcome")) == (["dump.json"], [])
    found = read_texts(from_uploads([files[0], ("hooks/door.js", latin)]), {})
    assert refusals(found) == {
        "hooks/door.json": "The script ./door.js cannot be read: "
        "Line 1 is not encoded in UTF-8. Save the file with that encoding."
    }


def test_what_of_a_zip_cannot_be_read_holds_deletion_back() -> None:
    texts = from_uploads([("a.zip", to_zip({"hooks/x.json": json.dumps(hook(script=SCRIPT))})), ("../y.json", b"{}")])
    found = read_texts(texts, {})
    assert (list(refusals(found)), deleted(found, "x", "y")) == (["../y.json"], [])


def tf(label: str, **attributes: str) -> str:
    """A resource with the hook `label`, with `attributes` as they are written there."""
    lines = {"name": f'"{label}"', "script": '"1"', "trigger_id": f'"{POINT}"', **attributes}
    return f'resource "auth0_hook" "{label}" {{\n' + "".join(f" {key} = {lines[key]}\n" for key in lines) + "}\n"


def state(*names: str) -> dict[str, Any]:
    return {"version": 4, "terraform_version": "1", "serial": 1, "resources": list(map(resource, names))}


def planned(*names: str) -> dict[str, Any]:
    """The values of a plan that has hooks of these names."""
    kinds = {"mode": "managed", "type": "auth0_hook"}
    values = [{"name": name, "script": SCRIPT, "trigger_id": POINT} for name in names]
    return {"root_module": {"resources": [{**kinds, "address": "auth0_hook.x", "values": each} for each in values]}}


PRIOR = {"format_version": "1", "terraform_version": "1", "values": planned("b")}


# Each of these mentions some of the hooks a to e, in every form that is read, and in some that are not.
FILES: list[tuple[dict[str, Any], str]] = [
    ({"hooks/a.json": hook(name="a", script="./a.js"), "hooks/a.js": SCRIPT}, "a"),
    ({"hooks/b.json": {"name": "b", "triggerId": POINT}, "hooks/b.js": SCRIPT}, "b"),
    ({"hooks/c.js": SCRIPT}, "c"),
    ({"hooks/d.json": {"name": "d", "triggerId": POINT, "code": "./missing.js"}}, "d"),
    ({"tenant.yaml": f"hooks:\n  - name: e\n    triggerId: {POINT}\n    script: exports.e = 1\n"}, "e"),
    ({"tenant.yml": f"hooks:\n  - name: ##NAME##\n    triggerId: {POINT}\n    script: exports.e = 1\n"}, "e"),
    ({"all.json": listed("a", "b")}, "ab"),
    ({"1.json": listed("c", total=2)}, "c"),
    ({"2.json": listed("d", start=1, total=2)}, "d"),
    ({"old.yaml": json.dumps({"list": [hook(name="e")]})}, "e"),
    (
        {"terraform.tfstate": {"version": 4, "terraform_version": "1", "resources": [resource("a"), resource("c")]}},
        "ac",
    ),
    ({"b.tfstate": {"version": 4, "terraform_version": "1", "resources": [resource("a")]}, "hooks/b.js": SCRIPT}, "ab"),
    ({"d.tf": f'resource "auth0_hook" "d" {{\n name = "d"\n script = "1"\n trigger_id = "{POINT}"\n}}\n'}, "d"),
    ({"e.tf.json": tf_json("e")}, "e"),
    ({"package.json": {"name": "a"}, "hooks/package.json": {"name": "b"}}, ""),
    ({"a.tofu": tf("a")}, "a"),
    ({"more.hcl": f'inputs = {{ b = {{ trigger_id = "{POINT}" }} }}'}, "b"),
    ({"c.json.bak": hook(name="c", script=SCRIPT)}, "c"),
    ({"all.ndjson": json.dumps(hook(name="d"))}, "d"),
    ({"e.tf": tf("e", script='file("${path.module}/x/e.js")'), "x/e.js": SCRIPT}, "e"),
    ({"t/a.tf": tf("a", name='"${var.x}"')}, "a"),
    ({"b.tf.json": f'{{"resource": {{"auth0_hook": {json.dumps({"b": {}})}, "auth0_hook": {{}}}}}}'}, "b"),
    ({"c.tf": tf("c", for_each="var.all"), "terraform.tfvars": f'all = {{ c = {{ trigger_id = "{POINT}" }} }}\n'}, "c"),
    ({"d.auto.tfvars": f'd = {{\n trigger_id = "{POINT}"\n}}\n'}, "d"),
    ({"e/main.tf": f'module "e" {{\n source = "x/hook"\n trigger_id = "{POINT}"\n}}\n'}, "e"),
    ({"m/a.tf": 'module "a" {\n source = "./in"\n count = 2\n}\n', "m/in/a.tf": tf("a")}, "a"),
    (
        {"n/b.tf": tf("b") + 'resource "auth0_hook_secret" "s" {\n hook_id = auth0_hook.b.id\n name = var.x\n}\n'},
        "b",
    ),
    ({"s/terraform.tfstate.1700000000.backup": state("a", "b")}, "ab"),
    ({"p/terraform.tfstate": state("c"), "p/terraform.tfstate.backup": state("c", "d")}, "cd"),
    ({"old/terraform.tfstate": {"version": 3, "terraform_version": "0.11", "modules": ["auth0_hook.e"]}}, "e"),
    ({"plan.json": {"terraform_version": "1", "planned_values": planned("a"), "prior_state": None}}, "a"),
    ({"plan-2.json": {"terraform_version": "1", "planned_values": planned("b", "c"), "prior_state": PRIOR}}, "bc"),
]


@given(st.lists(st.sampled_from(FILES), unique_by=lambda entry: next(iter(entry[0])), min_size=1))
@hypothesis(max_examples=300, deadline=None)
def test_no_import_of_any_files_deletes_a_hook_that_one_of_them_mentions(
    chosen: list[tuple[dict[str, Any], str]],
) -> None:
    files = {path: content for part, _ in chosen for path, content in part.items()}
    mentioned = {name for _, names in chosen for name in names}
    assert mentioned.isdisjoint(deleted(read(files), *"abcde"))


def test_gaps_are_part_of_the_plan() -> None:
    found = read({"page.json": listed("a", total=2)})
    has = Snapshot([Hook(id="b", name="b", trigger=POINT, script=SCRIPT)], {})
    plan: Plan = make(found.definitions, [], has, gaps=found.gaps, deleting=True)
    assert (plan.held_back, plan.incomplete, plan.writes) == (True, "hooks may be missing from what was read", 1)
    plan = make(found.definitions, [], has, gaps=found.gaps)
    assert (plan.held_back, plan.gaps) == (False, found.gaps)
    assert read_texts(Texts({"page.json": "[]"}), None).gaps == []
