"""Reading the environment: values as they stand, and one line for those that cannot be used."""

import os
from pathlib import Path

import pytest

from hooksui import env

NAME = "HOOKSUI_TEST_VALUE"


@pytest.mark.parametrize("value", ["$ecret", "${HOME}", r"\$x", "a=b#c", "'quoted'", "ü🙂", "%s{}"])
def test_a_text_is_taken_to_the_letter(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, f"  {value}\t")
    assert env.text(NAME, "default") == value


def test_a_blank_text_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.text(NAME, "default") == "default"
    monkeypatch.setenv(NAME, " \t ")
    assert env.text(NAME, "default") == "default"
    assert env.names(NAME) == []
    assert env.origin(NAME) == ""


def test_a_text_in_another_encoding_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, NAME, os.fsdecode(b"\xff"))
    with pytest.raises(env.SettingError, match=f"^hooksui: {NAME}: is not encoded in UTF-8"):
        env.text(NAME)


@pytest.mark.parametrize("value", ["0", "11", "-1", "+5", "5.0", "0x5", "²", "\u0665", "1e1", "1_0", "9" * 5000])
def test_what_is_no_whole_number_in_range_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(env.SettingError, match=f"^hooksui: {NAME}: .* is not a whole number from 1 to 10"):
        env.integer(NAME, 5, least=1, most=10)


@pytest.mark.parametrize(("value", "number"), [("", 5), ("1", 1), ("10", 10), (" 007 ", 7)])
def test_both_ends_of_the_range_belong_to_it(monkeypatch: pytest.MonkeyPatch, value: str, number: int) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.integer(NAME, 5, least=1, most=10) == number


@pytest.mark.parametrize(
    "value",
    [
        "...",
        "a..b",
        "-a.example",
        "münchen.example",
        "acme.example:0",
        "acme.example:65536",
        "acme.example:http",
        "acme.example?x",
        "acme.example#x",
        "https://",
        "https:acme.example",
        "//acme.example",
        "::1",
        "[::1",
        "[::]",
        "[acme]",
        "http://[fe80::1%25eth0]",
        "javascript://acme.example",
        "acme.example\\x",
        "acme.example/x",
        "a@acme.example",
    ],
)
def test_what_is_no_origin_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(env.SettingError, match=f"^hooksui: {NAME}: "):
        env.origin(NAME)


@pytest.mark.parametrize(
    ("value", "origin"),
    [
        ("ACME.EU.Auth0.com", "https://acme.eu.auth0.com"),
        ("acme.example/", "https://acme.example"),
        ("my_service:8080", "https://my_service:8080"),
        ("xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
        ("HTTP://localhost:65535", "http://localhost:65535"),
        ("http://[2001:DB8::1]", "http://[2001:db8::1]"),
    ],
)
def test_an_origin_is_written_in_one_way(monkeypatch: pytest.MonkeyPatch, value: str, origin: str) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.origin(NAME) == origin


def test_a_dotenv_file_of_a_windows_editor_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "")
    monkeypatch.delenv(NAME)
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbf" + f"{NAME}=first line\r\n".encode())
    env.read_dotenv(tmp_path / ".env")
    assert env.text(NAME) == "first line"


def test_a_dotenv_file_in_another_encoding_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(f"{NAME}=\xff\n".encode("latin-1"))
    with pytest.raises(env.SettingError, match="is not encoded in UTF-8") as caught:
        env.read_dotenv(tmp_path / ".env")
    assert "\n" not in str(caught.value)


def test_a_dotenv_file_that_does_not_exist_is_none(tmp_path: Path) -> None:
    env.read_dotenv(tmp_path / ".env")
    env.read_dotenv(tmp_path)
