"""Files to import: archives and folders that were made by people, by tools, and with bad intent."""

import io
import os
import stat
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hooksui.transfer.files.definition import Definition, UnreadableError
from hooksui.transfer.files.packing import to_folder, to_zip
from hooksui.transfer.files.texts import Texts, resolve
from hooksui.transfer.formats import sources
from hooksui.transfer.formats.deploy_cli.directory import write as write_directory
from hooksui.transfer.formats.deploy_cli.tenant_yaml import write as write_yaml
from hooksui.transfer.formats.sources import from_folder, from_path, from_uploads
from hooksui.transfer.formats.terraform.writing import write as write_terraform

NOT_A_ZIP = "This is not a zip that can be read. Create it again."
A_LINK = "It is a link. Replace it with the file that it points to."


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive with these entries, which may be of one name."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


def unpacked(content: bytes) -> Texts:
    return from_uploads([("hooks.zip", content)])


def reasons(texts: Texts) -> dict[str, str]:
    return {error.source: error.reason for error in texts.unreadable}


def refusal(*uploads: tuple[str, bytes]) -> str:
    with pytest.raises(UnreadableError) as caught:
        from_uploads(uploads)
    return str(caught.value)


def test_a_zip_is_read_with_its_folders() -> None:
    texts = unpacked(zipped(("a/hooks/x.json", b"{}"), ("./a/hooks/x.js", b"1"), ("top.yaml", b""), ("a//b/c.tf", b"")))
    assert texts.by_path == {"a/hooks/x.json": "{}", "a/hooks/x.js": "1", "top.yaml": "", "a/b/c.tf": ""}
    assert (texts.unreadable, texts.others) == ([], 0)


def test_what_systems_put_into_a_zip_is_passed_over_and_other_kinds_are_counted() -> None:
    noise = ("__MACOSX/hooks/._x.json", ".git/config.json", "hooks/.x.json", "node_modules/a/index.js", "a/Thumbs.db")
    texts = unpacked(zipped(*((name, b"{}") for name in noise), ("a/", b""), ("a/readme.md", b""), ("a/x.JSON", b"{}")))
    assert (texts.by_path, texts.unreadable, texts.others) == ({"a/x.JSON": "{}"}, [], 1)


@pytest.mark.parametrize(
    "path", ["../x.json", "a/../../x.json", "a/../x.json", "/x.json", "C:/x.json", "C:x.json", "\\x.json", "..\\x.json"]
)
def test_a_path_that_leads_out_of_a_zip_is_refused(path: str) -> None:
    texts = unpacked(zipped((path, b"{}"), ("good.json", b"[]")))
    assert reasons(texts) == {path.replace("\\", "/"): "Its path leads out of the archive."}
    assert texts.by_path == {"good.json": "[]"}


def test_backslashes_stand_between_folders() -> None:
    entry = zipfile.ZipInfo("hooks/x.json")
    entry.filename = "hooks\\x.json"
    assert unpacked(zipped((entry, b"{}"))).by_path == {"hooks/x.json": "{}"}
    assert from_uploads([("hooks\\x.json", b"{}")]).by_path == {"hooks/x.json": "{}"}


def test_paths_that_no_disk_has_are_refused_and_shown_without_what_a_terminal_acts_on() -> None:
    long = "a/" * 600 + "x.json"
    texts = unpacked(zipped(("\x1b[2Jx.json", b"{}"), (long, b"{}")))
    expected = "Its path is too long, or has characters that no path has."
    assert reasons(texts) == {"?[2Jx.json": expected, long[:1000]: expected}


def test_a_link_in_a_zip_is_not_followed() -> None:
    entry = zipfile.ZipInfo("hooks/x.json")
    entry.create_system = 3
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert reasons(unpacked(zipped((entry, b"/etc/passwd")))) == {
        "hooks/x.json": "It is a link. Put the file itself in the archive."
    }


def test_a_file_that_unpacks_to_far_more_than_it_has_is_refused() -> None:
    assert unpacked(zipped(("x.js", b" " * 900_000))).by_path == {"x.js": " " * 900_000}
    bomb = zipped(("x.js", bytes(2_000_000)))
    assert refusal(("hooks.zip", bomb)) == "x.js: It unpacks to more than 1 MB. No hook is that large."
    random = os.urandom(65_536) * 250
    assert refusal(("hooks.zip", zipped(("x.js", random), method=zipfile.ZIP_STORED))).endswith(
        "more than 16 MB. No hook is that large."
    )


def test_all_files_of_a_zip_together_have_a_limit() -> None:
    part = b"x" * 15_000_000
    bomb = zipped(*((f"{number}.js", part) for number in range(5)), method=zipfile.ZIP_STORED)
    assert refusal(("hooks.zip", bomb)) == "4.js: All files together have more than 64 MB."
    assert refusal(*((f"{number}.js", part) for number in range(5))) == "4.js: All files together have more than 64 MB."


def test_the_number_of_files_has_a_limit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sources, "MAX_FILES", 3)
    entries = [(f"{number}.txt", b"") for number in range(4)]
    expected = "There are more than 3 files. Choose only the files of the hooks."
    assert unpacked(zipped(*entries[:3])).others == 3
    assert refusal(("hooks.zip", zipped(*entries))) == f"hooks.zip: {expected}"
    assert refusal(*entries) == f"3.txt: {expected}"
    for name, _ in entries:
        (tmp_path / name).touch()
    with pytest.raises(UnreadableError, match=expected):
        from_folder(tmp_path)


@pytest.mark.parametrize("claimed", [0, 10, 4_000_000_000])
def test_a_size_that_a_zip_claims_is_not_believed(claimed: int) -> None:
    content = zipped(("x.js", bytes(2_000_000)))
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.index(signature) + place
        content = content[:start] + struct.pack("<I", claimed) + content[start + 4 :]
    assert refusal(("hooks.zip", content)) in (
        f"hooks.zip: {NOT_A_ZIP}",
        "x.js: It unpacks to more than 1 MB. No hook is that large.",
    )


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_path_that_is_there_twice_is_refused_once() -> None:
    expected = {"x.json": "It appears twice in the archive."}
    texts = unpacked(zipped(("x.json", b"1"), ("x.json", b"2")))
    assert (texts.by_path, reasons(texts)) == ({"x.json": "1"}, expected)
    texts = from_uploads([("x.json", b"1"), ("./x.json", b"2"), ("hooks.zip", zipped(("a/./../x.json", b"3")))])
    assert texts.by_path == {"x.json": "1"}
    assert len(texts.unreadable) == 2


def test_an_encrypted_file_is_refused() -> None:
    content = bytearray(zipped(("x.json", b"{}"), ("y.json", b"{}")))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    texts = unpacked(bytes(content))
    assert reasons(texts) == {"x.json": "It is encrypted. Make the archive without a password."}
    assert texts.by_path == {"y.json": "{}"}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_unpacks_without_limit_is_refused(method: int) -> None:
    texts = unpacked(zipped(("x.json", bytes(5_000_000)), method=method))
    assert reasons(texts) == {"x.json": "Its compression is not supported. Use the usual one, Deflate."}


def zipped_as_if_large(*entries: tuple[str, bytes]) -> bytes:
    """An archive with the sizes and places of its entries in fields of eight bytes, as those beyond 4 GB have them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zipfile, "ZIP64_LIMIT", -1)
        return zipped(*entries)


ENTRIES = (("hooks/x.json", b'{"name": "x"}' * 20), ("hooks/x.js", b"module.exports = 1;" * 20), ("a.png", b"1"))
WHOLE = zipped(*ENTRIES)
AS_IF_LARGE = zipped_as_if_large(*ENTRIES)
# In the archive's list of contents: sizes before and after packing, and the place (APPNOTE.TXT, 4.5.3).
EIGHT_BYTES = AS_IF_LARGE.index(b"\x01\x00\x18\x00", AS_IF_LARGE.index(b"PK\x01\x02")) + 4


def test_a_zip_with_sizes_of_eight_bytes_is_read() -> None:
    assert unpacked(AS_IF_LARGE) == unpacked(WHOLE)


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("number", [0, 1, 2**31, 2**62, 2**63 - 1, 2**63, 2**64 - 1])
def test_no_number_of_eight_bytes_breaks_the_reader(place: int, number: int) -> None:
    content = bytearray(AS_IF_LARGE)
    struct.pack_into("<Q", content, EIGHT_BYTES + 8 * place, number)
    if place == 2 and number:
        assert refusal(("hooks.zip", bytes(content))) == f"hooks.zip: {NOT_A_ZIP}"
    else:
        only_unreadable_comes_of(bytes(content))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", WHOLE[:-30], WHOLE[40:-60], b"x" * 100])
def test_a_broken_zip_is_told(content: bytes) -> None:
    assert refusal(("hooks.zip", content)) == f"hooks.zip: {NOT_A_ZIP}"


def test_a_file_without_a_name_is_told() -> None:
    entry = zipfile.ZipInfo("x")
    entry.filename = ""
    assert unpacked(zipped((entry, b"{}"))).others == 1


def only_unreadable_comes_of(content: bytes) -> None:
    try:
        texts = unpacked(content)
    except UnreadableError:
        return
    assert all(resolve("", path) == path for path in texts.by_path)


@given(
    st.sampled_from([WHOLE, AS_IF_LARGE]),
    st.lists(st.tuples(st.integers(0, len(AS_IF_LARGE) - 1), st.integers(0, 255)), min_size=1, max_size=6),
    st.data(),
)
@settings(max_examples=200, deadline=None)
def test_whatever_stands_in_a_zip_only_unreadable_comes_of_it(
    whole: bytes, changes: list[tuple[int, int]], data: Any
) -> None:
    content = bytearray(whole)
    for place, byte in changes:
        content[place % len(content)] = byte
    end = data.draw(st.integers(0, len(content)) | st.just(len(content)))
    only_unreadable_comes_of(bytes(content[:end]))


def test_uploads_keep_their_paths_and_zips_are_known_by_what_they_are() -> None:
    texts = from_uploads([("a/hooks/x.json", b"{}"), ("upload", zipped(("y.json", b"[]"))), ("note.txt", b"")])
    assert (texts.by_path, texts.others) == ({"a/hooks/x.json": "{}", "y.json": "[]"}, 1)
    assert reasons(from_uploads([("../x.json", b"{}")])) == {"../x.json": "Its path leads outside."}
    large = from_uploads([("x.js", b" " * 16_000_001)])
    assert reasons(large) == {"x.js": "It has more than 16 MB. No hook is that large."}


def test_text_that_is_not_utf_8_is_told_with_its_line() -> None:
    texts = from_uploads([("x.js", b"one\ntwo\n\xfc\n"), ("y.json", b"\xfc")])
    assert reasons(texts) == {
        "x.js": "Line 3 is not encoded in UTF-8. Save the file with that encoding.",
        "y.json": "Line 1 is not encoded in UTF-8. Save the file with that encoding.",
    }


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_tells_the_encoding(encoding: str) -> None:
    assert from_uploads([("y.json", '"ü"'.encode(encoding))]).by_path == {"y.json": '"ü"'}


def test_a_link_in_the_way_is_replaced_and_a_linked_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    victim = tmp_path / "elsewhere" / "victim"
    victim.write_text("precious")
    folder = tmp_path / "out"
    (folder / "hooks").mkdir(parents=True)
    (folder / "hooks" / "a.js").symlink_to(victim)
    to_folder({"hooks/a.js": "script"}, folder)
    assert (folder / "hooks" / "a.js").read_text() == "script"
    (folder / "linked").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="it is a link to another place"):
        to_folder({"linked/victim": "script"}, folder)
    assert victim.read_text() == "precious"


def test_a_byte_order_mark_stays_in_scripts_alone() -> None:
    texts = from_uploads([(name, b"\xef\xbb\xbf1") for name in ("x.json", "x.js", "y.MJS")])
    assert texts.by_path == {"x.json": "1", "x.js": "\ufeff1", "y.MJS": "\ufeff1"}


def test_links_of_a_folder_are_not_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "in", tmp_path / "out"
    (folder / "hooks").mkdir(parents=True)
    outside.mkdir()
    (outside / "secret.json").write_text("outside")
    (folder / "hooks" / "x.json").write_text("{}")
    links = {
        "link.json": outside / "secret.json",
        "inside.json": folder / "hooks" / "x.json",
        "nowhere.js": tmp_path / "no",
        "linked": outside,
        "again": folder / "hooks",
        "loop": folder,
        "note.txt": outside / "secret.json",
        ".cache": outside,
        "node_modules": outside,
    }
    for name, target in links.items():
        (folder / name).symlink_to(target)
    os.mkfifo(folder / "pipe.json")
    texts = from_folder(folder)
    assert texts.by_path == {"hooks/x.json": "{}"}
    refused = ("again", "inside.json", "link.json", "linked", "loop", "nowhere.js")
    assert reasons(texts) == dict.fromkeys(refused, A_LINK)
    # The note, the pipe, and what tools keep there.
    assert texts.others == 4


@contextmanager
def nobody(folder: Path) -> Iterator[None]:
    """The block as somebody whom permissions bind, if root runs the tests."""
    user = os.geteuid()
    if user == 0:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_a_file_that_the_disk_refuses_is_told_while_others_are_read() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "x.json").write_text("{}")
        (folder / "y.json").touch(mode=0)
        (folder / "closed").mkdir(mode=0)
        with nobody(folder):
            with pytest.raises(UnreadableError) as caught:
                from_folder(folder)
            assert str(caught.value) == f"{folder}/closed: It cannot be read: Permission denied."
            with pytest.raises(UnreadableError, match="It cannot be read: Permission denied"):
                from_path(folder / "closed" / "hooks")
            with pytest.raises(UnreadableError, match="It cannot be read: Permission denied"):
                from_path(folder / "y.json")
            (folder / "closed").rmdir()
            texts = from_folder(folder)
    assert texts.by_path == {"x.json": "{}"}
    assert reasons(texts) == {"y.json": "It cannot be read: Permission denied."}


@pytest.mark.parametrize("name", ["missing", "x" * 5000])
def test_a_path_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    for read in (from_path, from_folder):
        with pytest.raises(UnreadableError, match="It cannot be read: "):
            read(tmp_path / name)


def test_a_single_file_brings_its_scripts_along_and_nothing_from_behind_a_link(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for path in ("hooks/x.js", "hooks/Y.MJS", "z.JS", "hooks/deep/er.js", "node_modules/n.js", "other.json"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path)
    (folder / "tenant.YAML").write_text("hooks: []")
    (tmp_path / "out.js").write_text("outside")
    (folder / "linked").symlink_to(tmp_path)
    (folder / "hooks" / "linked.js").symlink_to(tmp_path / "out.js")
    (folder / "hooks" / "wrong.js").write_bytes(b"\xff")
    texts = from_path(folder / "tenant.YAML")
    scripts = {path: path for path in ("hooks/x.js", "hooks/Y.MJS", "z.JS")}
    assert (texts.by_path, texts.unreadable) == ({"tenant.YAML": "hooks: []", **scripts}, [])
    assert from_path(folder).by_path.keys() == texts.by_path.keys() | {"other.json", "hooks/deep/er.js"}


def test_a_zip_and_a_state_are_read_by_their_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.zip").write_bytes(zipped(("x.json", b"{}")))
    (tmp_path / "terraform.tfstate").write_text("{}")
    (tmp_path / "x.js").touch()
    assert from_path(tmp_path / "a.zip").by_path == {"x.json": "{}"}
    assert from_path(tmp_path / "terraform.tfstate").by_path == {"terraform.tfstate": "{}"}
    monkeypatch.setattr(sources, "MAX_TOTAL", 3)
    with pytest.raises(UnreadableError, match="It has more than 0 MB"):
        from_path(tmp_path / "a.zip")


HOSTILE = ["../../x", "..", "/etc/x", "a/../../b", "C:\\x", "\x00", "con", "." * 100, "é" * 100, "\ud800"]


@pytest.mark.parametrize("write", [write_directory, write_yaml, write_terraform])
def test_nothing_is_written_outside_of_the_folder(write: Any, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    hooks = [
        (f"0{number}", Definition(name, "send-phone-message", "1", False, {}, {}))
        for number, name in enumerate(HOSTILE)
    ]
    texts = write(hooks)
    assert all(resolve("", path) == path for path in texts)
    to_folder(texts, folder)
    written = {path.relative_to(folder).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert written == texts.keys()


def test_the_same_texts_give_the_same_zip_which_has_them_all() -> None:
    assert to_zip({"hooks/x.js": "ü\ud800"}) == to_zip({"hooks/x.js": "ü\ud800"})
    assert unpacked(to_zip({"hooks/x.js": "ü\ud800"})).by_path == {"hooks/x.js": "ü?"}


@pytest.mark.parametrize(
    ("folder", "path", "expected"),
    [
        ("hooks", "./x.js", "hooks/x.js"),
        ("", "a/./b//x.js", "a/b/x.js"),
        ("a/hooks", "../x.js", "a/x.js"),
        ("a/hooks", "..\\..\\x.js", "x.js"),
        ("a", "../../x.js", None),
        ("a", "/x.js", None),
        ("a", "\\\\host\\x.js", None),
        ("a", "c:\\x.js", None),
    ],
)
def test_a_path_is_followed_as_far_as_it_stays_inside(folder: str, path: str, expected: str | None) -> None:
    assert resolve(folder, path) == expected
