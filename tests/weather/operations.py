"""What people do with hooks, each as a page or a script of ours sends it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from hooksui.transfer.models import Import
from tests.dashboard.transfers import archive
from tests.weather.world import CANARY, POINT, Seen, World

TYPED = "module.exports = function (user, context, cb) { cb(null, { typed: true }); };"


@dataclass(frozen=True)
class Operation:
    """One thing that is done. `prepare` runs in good weather, `perform` gets what it returned.

    `done` says whether the tenant has what was wanted, None where nothing is to change; `says` stands in the message of
    success; `typed` must still be on the page after a failure; `stops` says that nothing runs at POINT afterwards;
    `bare` that the right answer has nothing in it that could be checked, `about_hook` that what is typed is worth
    nothing without its hook.
    """

    name: str
    prepare: Callable[[World], Any]
    perform: Callable[[World, Any], Seen]
    done: Callable[[World], bool] | None = None
    says: str = ""
    typed: str = ""
    stops: bool = False
    bare: bool = False
    about_hook: bool = False


def _nothing(world: World) -> None:
    return None


def _reads(name: str, perform: Callable[[World, Any], Seen]) -> Operation:
    return Operation(name, _nothing, perform)


def _one(world: World) -> dict[str, Any]:
    return world.api.hooks.get(world.ids[0], {})


def _secrets(world: World) -> dict[str, str]:
    return world.api.secrets.get(world.ids[0], {})


def _page_of(world: World) -> str:
    return f"/hooks/{world.ids[0]}/"


def _base(world: World) -> str:
    return world.field(_page_of(world), "base")


def _save(world: World, base: str, *, as_script: bool = False) -> Seen:
    post = world.post_as_script if as_script else world.post
    return post(
        _page_of(world), script=TYPED, base=base, newline="lf", modules="", name="alpha", trigger=POINT, enabled="on"
    )


def _modules_base(world: World) -> str:
    return world.field(f"{_page_of(world)}modules/", "base")


def _upload(world: World) -> Seen:
    file = archive({"name": "imported", "enabled": True, "secrets": {"KEY": CANARY}})
    return world.post("/import/", files=[SimpleUploadedFile("hooks.zip", file.read())])


def _planned(world: World) -> tuple[str, str]:
    """The path of a plan, and its mark."""
    _upload(world)
    path = f"/import/{Import.objects.filter(tenant=world.tenant.slug).latest('id').id}/"
    return path, world.field(path, "seen")


def _apply(world: World, plan: tuple[str, str]) -> Seen:
    path, mark = plan
    return world.post(path, action="apply", seen=mark)


def _imported(world: World) -> bool:
    found = [hook for hook in world.api.hooks.values() if hook["name"] == "imported"]
    return len(found) == 1 and found[0]["enabled"] and world.api.secrets.get(found[0]["id"]) == {"KEY": CANARY}


def _renamed(world: World) -> bool:
    return bool(_one(world).get("name") == "renamed")


OPERATIONS = (
    _reads("list", lambda world, _: world.get("/hooks/")),
    _reads("open", lambda world, _: world.get(_page_of(world))),
    _reads("form of a new hook", lambda world, _: world.get("/hooks/create/")),
    _reads("form of deleting", lambda world, _: world.get(f"{_page_of(world)}delete/")),
    _reads("secrets", lambda world, _: world.get(f"{_page_of(world)}secrets/")),
    _reads("modules", lambda world, _: world.get(f"{_page_of(world)}modules/")),
    _reads("export", lambda world, _: world.post_as_script("/export/", format="directory")),
    _reads("compare", lambda world, _: world.get(f"/compare/?with={world.other.slug}&secrets=on")),
    _reads("copy elsewhere", lambda world, _: world.post("/copy/", hook=world.ids[0], to=world.other.slug)),
    _reads("plan of an import", lambda world, _: _upload(world)),
    Operation(
        "create",
        _nothing,
        lambda world, _: world.post("/hooks/create/", name="new one", trigger="send-phone-message", script=TYPED),
        lambda world: any(hook["name"] == "new one" and hook["script"] == TYPED for hook in world.api.hooks.values()),
        "new one",
        "new one",
    ),
    Operation("save", _base, _save, lambda world: bool(_one(world).get("script") == TYPED), "Saved at", "typed: true"),
    Operation(
        "save as a script",
        _base,
        lambda world, base: _save(world, base, as_script=True),
        lambda world: bool(_one(world).get("script") == TYPED),
        '"saved": true',
    ),
    Operation(
        "rename",
        _nothing,
        lambda world, _: world.post(f"{_page_of(world)}rename/", name="renamed"),
        _renamed,
        "renamed",
        "renamed",
        about_hook=True,
    ),
    Operation(
        "delete",
        _nothing,
        lambda world, _: world.post(f"{_page_of(world)}delete/", typed="alpha"),
        lambda world: not _one(world),
        "Deleted alpha",
        stops=True,
        bare=True,
    ),
    Operation(
        "enable another",
        _nothing,
        lambda world, _: world.post("/hooks/enabled/", trigger=POINT, hook=world.ids[1], was=world.ids[0]),
        lambda world: world.api.enabled() == ["beta"],
        "beta is now enabled",
    ),
    Operation(
        "disable",
        _nothing,
        lambda world, _: world.post("/hooks/enabled/", trigger=POINT, hook="", was=world.ids[0]),
        lambda world: world.api.enabled() == [],
        "No hook is enabled",
        stops=True,
    ),
    Operation(
        "add a secret",
        _nothing,
        lambda world, _: world.post(f"{_page_of(world)}secrets/", action="add", key="KEY_B", value=CANARY),
        lambda world: _secrets(world).get("KEY_B") == CANARY,
        "Added 1 secret",
        "KEY_B",
        bare=True,
    ),
    Operation(
        "change a secret",
        _nothing,
        lambda world, _: world.post(f"{_page_of(world)}secrets/", action="update", key="KEY_A", value=CANARY + "-2"),
        lambda world: _secrets(world).get("KEY_A") == CANARY + "-2",
        "Updated KEY_A",
        bare=True,
    ),
    Operation(
        "remove a secret",
        _nothing,
        lambda world, _: world.post(f"{_page_of(world)}secrets/remove/", key="KEY_A"),
        lambda world: "KEY_A" not in _secrets(world),
        "Removed",
        bare=True,
    ),
    Operation(
        "add a module",
        _modules_base,
        lambda world, base: world.post(f"{_page_of(world)}modules/", base=base, name="axios", version="1.7.0"),
        lambda world: bool(_one(world).get("dependencies", {}).get("axios") == "1.7.0"),
        "Added axios",
        "axios",
    ),
    Operation("import", _planned, _apply, _imported, "Everything was done", bare=True),
)
