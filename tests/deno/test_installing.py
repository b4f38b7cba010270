"""What a registry may send: it takes bounded room, is made harmless or refused in a sentence, and leaves nothing."""

import io
import json
import os
import stat
import tarfile
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import pytest

from hooksui.deno import environment, installing
from hooksui.deno.installing import ModulesMissingError
from hooksui.runner.calling import Job, run_to_end
from hooksui.runner.outcome import Outcome
from tests.fakes.npm_registry import FakeRegistry
from tests.runner.calling import EXCHANGE, result_of, sample

SCRIPT = "module.exports = (client, scope, audience, context, cb) => cb(null, { value: require('odd') });"
ABOUT = json.dumps({"name": "odd", "version": "1.0.0"}).encode()
NO_USE = "The module odd cannot be installed: the npm registry did not give a usable answer."
BROKEN = "The module odd is broken: its package.json is missing or is not a JSON object."
TOO_MUCH = "The modules take more than 256 MB or 40000 files."


class Zeros(io.RawIOBase):
    """So many bytes of zero, of which none is kept."""

    def __init__(self, size: int) -> None:
        self.left = size

    def read(self, size: int = -1) -> bytes:
        """The next ones."""
        size = min(size, self.left)
        self.left -= size
        return bytes(size)


def tarball(
    *members: tuple[str, bytes | int], about: bytes | None = ABOUT, kinds: Mapping[str, Mapping[str, Any]] | None = None
) -> bytes:
    """A package of `members`, names and contents or numbers of zeros; `kinds` has headers by the member's name."""
    files: list[tuple[str, bytes | int]] = [("index.js", b"module.exports = 'fine';"), *members]
    files += [("package.json", about)] if about is not None else []
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as archive:
        for name, content in files:
            member = tarfile.TarInfo(f"package/{name}")
            member.size = content if isinstance(content, int) else len(content)
            for key, value in (kinds or {}).get(name, {}).items():
                setattr(member, key, value)
            data: IO[bytes] = Zeros(content) if isinstance(content, int) else io.BytesIO(content)  # type: ignore[assignment]
            archive.addfile(member, data)
    return packed.getvalue()


def ended() -> Outcome:
    """Run a hook that answers with what the module `odd` exports."""
    return run_to_end(Job(SCRIPT, EXCHANGE, json.dumps(sample(EXCHANGE)), dependencies={"odd": "1.0.0"}))


def refused() -> str:
    """Why nothing is run; nothing of what was tried is left."""
    with pytest.raises(ModulesMissingError) as caught:
        ended()
    assert list((environment.cache() / "modules").iterdir()) == []
    assert list((environment.cache() / "deno").rglob("odd*")) == []
    assert str(caught.value).endswith(" Nothing was run.")
    return str(caught.value).removesuffix(" Nothing was run.")


def installed() -> Iterator[Path]:
    """Every file and folder of the one set that is installed."""
    (folder,) = (environment.cache() / "modules").iterdir()
    yield from folder.rglob("*")


def test_what_unpacks_to_300_mb_is_refused(registry: FakeRegistry) -> None:
    registry.publish_tarball("odd", "1.0.0", tarball(*((f"file{number}", 10 * 2**20) for number in range(30))))
    assert refused() == TOO_MUCH


def test_one_huge_file_is_refused_without_being_written(registry: FakeRegistry) -> None:
    registry.publish_tarball("odd", "1.0.0", tarball(("file", 300 * 2**20)))
    assert refused().startswith("The modules take more than 256 MB or 40000 files")


def test_too_many_files_are_refused(registry: FakeRegistry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing, "MAX_FILES", 500)
    registry.publish_tarball("odd", "1.0.0", tarball(*((f"files/{number}", b"x") for number in range(1000))))
    assert refused() == TOO_MUCH


def test_folders_too_deep_in_each_other_are_refused_and_removed(registry: FakeRegistry) -> None:
    registry.publish_tarball("odd", "1.0.0", tarball(("d/" * 1200 + "file", b"x")))
    assert refused() == "The modules have more than 64 folders in each other."


def test_rights_that_no_module_needs_are_taken(registry: FakeRegistry) -> None:
    kinds: dict[str, dict[str, Any]] = {
        "tool": {"mode": 0o6777},
        "hidden": {"mode": 0},
        "bin": {"mode": 0o7777, "type": tarfile.DIRTYPE},
    }
    registry.publish_tarball("odd", "1.0.0", tarball(("tool", b"x"), ("hidden", b"x"), ("bin", b""), kinds=kinds))
    assert result_of(ended()) == {"value": "fine"}
    modes = {path.name: path.lstat().st_mode for path in installed() if not path.is_symlink()}
    assert stat.S_IMODE(modes["tool"]) == 0o755
    assert modes["hidden"] & 0o600 == 0o600
    assert [name for name, mode in modes.items() if mode & 0o7022] == []


def test_links_devices_and_pipes_of_a_package_are_not_there(registry: FakeRegistry, tmp_path: Path) -> None:
    kinds: dict[str, dict[str, Any]] = {
        "out": {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"},
        "folder": {"type": tarfile.SYMTYPE, "linkname": str(tmp_path)},
        "hard": {"type": tarfile.LNKTYPE, "linkname": "/etc/passwd"},
        "device": {"type": tarfile.CHRTYPE, "devmajor": 1, "devminor": 3},
        "pipe": {"type": tarfile.FIFOTYPE},
    }
    members = [(name, b"") for name in kinds] + [("folder/written", b"x")]
    registry.publish_tarball("odd", "1.0.0", tarball(*members, kinds=kinds))
    assert result_of(ended()) == {"value": "fine"}
    assert not (tmp_path / "written").exists()
    (folder,) = (environment.cache() / "modules").iterdir()
    for path in installed():
        assert os.path.realpath(path).startswith(f"{folder.resolve()}/")
        assert path.is_file() or path.is_dir()


@pytest.mark.parametrize("make", [lambda file: file.symlink_to("/etc/passwd"), os.mkfifo])
def test_what_leads_out_or_is_no_file_is_refused_whoever_unpacks(tmp_path: Path, make: Callable[[Path], None]) -> None:
    module = tmp_path / "node_modules" / ".deno" / "odd@1.0.0" / "node_modules" / "@acme" / "odd"
    module.mkdir(parents=True)
    make(module / "strange")
    with pytest.raises(ModulesMissingError, match=r"^The module @acme/odd has .* Nothing was run\.$"):
        installing._make_harmless(tmp_path)


@pytest.mark.parametrize(
    "about",
    [
        b"{not json",
        b"[1]",
        b"null",
        b"7",
        b"",
        None,
        '{"name": "odd"}'.encode("utf-16"),
        b'{"a":' * 10**5,
        b" " * 2**21,
    ],
)
def test_a_package_json_that_is_none_is_refused(registry: FakeRegistry, about: bytes | None) -> None:
    registry.publish_tarball("odd", "1.0.0", tarball(about=about))
    assert refused() == BROKEN


def test_a_broken_module_that_another_one_needs_is_named(registry: FakeRegistry) -> None:
    registry.publish("odd", "1.0.0", {"index.js": ""}, dependencies={"@acme/inner": "1"})
    registry.publish_tarball("@acme/inner", "1.0.0", tarball(about=b"[]"))
    assert refused() == BROKEN.replace("odd", "@acme/inner")


ODD_MEMBERS: dict[str, list[Any]] = {
    "main": [7, None, ["index.js"]],
    "version": [7, {"a": 1}],
    "dependencies": [[1], 7, None, "x", {"left": 1}, {"left": None}, {"left": {"a": []}}],
    "bin": [7, {"../../../../../tool": "index.js"}],
    **{name: [7] for name in ("name", "exports", "scripts", "type")},
}


@pytest.mark.parametrize("about", [{name: value} for name, values in ODD_MEMBERS.items() for value in values])
def test_members_of_odd_types_in_a_package_json_do_no_harm(registry: FakeRegistry, about: dict[str, Any]) -> None:
    registry.publish_tarball(
        "odd", "1.0.0", tarball(about=json.dumps({"name": "odd", "version": "1.0.0"} | about).encode())
    )
    assert result_of(ended()) == {"value": "fine"}


def spoil(**changes: Any) -> Callable[[dict[str, Any]], None]:
    """What changes members of what is told of the version 1.0.0 of a package."""
    return lambda told: told["versions"]["1.0.0"].update(changes)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda told: told.update(versions=[1]), NO_USE),
        (lambda told: told.update(versions=None), NO_USE),
        (lambda told: told["versions"]["1.0.0"].pop("dist"), NO_USE),
        (spoil(dist=7), NO_USE),
        (spoil(dist={"tarball": 7}), NO_USE),
        (spoil(dist={"tarball": ""}), NO_USE.replace("odd", "odd@1.0.0")),
        (spoil(dist={"tarball": "file:///etc/passwd"}), NO_USE.replace("odd", "odd@1.0.0")),
        (
            spoil(dependencies={"left": "git+https://127.0.0.1/left"}),
            "The module odd@1.0.0 needs left from somewhere other than npm.",
        ),
        (
            spoil(dependencies={"left": "http://127.0.0.1/a.tgz"}),
            "The module odd@1.0.0 needs left from somewhere other than npm.",
        ),
        (spoil(dependencies={"../../../left": "1"}), "npm has no module ../../../left."),
    ],
)
def test_odd_answers_of_a_registry_are_told(
    registry: FakeRegistry, change: Callable[[dict[str, Any]], None], expected: str
) -> None:
    registry.publish("odd", "1.0.0", {"index.js": "module.exports = 'fine';"})
    change(registry.of("odd"))
    assert refused() == expected


@pytest.mark.parametrize("body", [b"[]", b"null", b'"x"', b"[" * 10**5, b"", b"\xff\xfe"])
def test_an_answer_that_is_no_package_is_told(registry: FakeRegistry, body: bytes) -> None:
    registry.answers["/odd"] = (200, body)
    assert refused() == NO_USE


def test_a_set_of_nothing_odd_is_left_as_it_is(registry: FakeRegistry) -> None:
    registry.publish("odd", "1.0.0", {"index.js": "module.exports = 'fine';"})
    installing.install({"odd": "1.0.0"}, environment.cache() / "modules" / "of-the-test", threading.Event())
    names = {path.name for path in (environment.cache() / "modules" / "of-the-test").iterdir()}
    assert names == {"deno.json", "installed.json", "node_modules", "package.json"} | (names & {"deno.lock"})
