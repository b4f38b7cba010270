"""`manage.py bootstrap`, as a process."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import ROOT


def bootstrap(data_dir: Path, **variables: str) -> subprocess.Popen[str]:
    """Start the command for this folder."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "bootstrap"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def refusal(process: subprocess.Popen[str]) -> str:
    """The one line with which the command refused."""
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 1
    (line,) = complaint.splitlines()
    return line


def finish(process: subprocess.Popen[str]) -> str:
    """What the command said, once it ended well."""
    said, complaint = process.communicate(timeout=60)
    assert process.returncode == 0, complaint
    return said


def users(data_dir: Path) -> list[tuple[str, int]]:
    """Name and superuser flag of every user."""
    with sqlite3.connect(data_dir / "db.sqlite3") as database:
        return list(database.execute("select username, is_superuser from accounts_user"))


def test_a_fresh_folder_is_made_ready_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    said = finish(bootstrap(folder))
    assert "username  admin" in said
    assert users(folder) == [("admin", 1)]
    assert folder.stat().st_mode & 0o777 == 0o700
    names = {file.name for file in folder.iterdir()}
    assert names >= {"db.sqlite3", "secret_key", "encryption_keys", "signing_key.pem"}
    for file in folder.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600, file
    with sqlite3.connect(folder / "db.sqlite3") as database:
        assert database.execute("pragma journal_mode").fetchone() == ("wal",)


def test_a_second_run_changes_nothing_and_says_nothing(tmp_path: Path) -> None:
    finish(bootstrap(tmp_path))
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir() if "db." not in file.name}
    assert finish(bootstrap(tmp_path, ADMIN_USERNAME="other")) == ""
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir() if "db." not in file.name} == before
    assert users(tmp_path) == [("admin", 1)]


def test_a_given_password_is_not_printed(tmp_path: Path) -> None:
    said = finish(bootstrap(tmp_path, ADMIN_USERNAME="dana", ADMIN_PASSWORD="given by the operator"))
    assert "given by the operator" not in said
    assert users(tmp_path) == [("dana", 1)]


def test_two_at_once_agree(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    both = [bootstrap(folder), bootstrap(folder)]
    said = [finish(process) for process in both]
    assert sum("password  " in text for text in said) == 1
    assert users(folder) == [("admin", 1)]


def test_a_folder_that_cannot_be_one_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "DATA_DIR: " in refusal(bootstrap(tmp_path / "file" / "data"))


def test_a_database_that_is_none_is_said_in_one_line(tmp_path: Path) -> None:
    finish(bootstrap(tmp_path))
    for file in tmp_path.glob("db.sqlite3*"):
        file.unlink()
    (tmp_path / "db.sqlite3").write_text("this is no database, and long enough to be looked at as one" * 20)
    assert "DATA_DIR: the database in" in refusal(bootstrap(tmp_path))


def test_lost_encryption_keys_are_never_made_anew_beside_a_database(tmp_path: Path) -> None:
    finish(bootstrap(tmp_path))
    (tmp_path / "encryption_keys").unlink()
    assert "encryption_keys is missing, but the database is there. Restore it" in refusal(bootstrap(tmp_path))
    assert not (tmp_path / "encryption_keys").exists()


@pytest.mark.parametrize("name", ["secret_key", "encryption_keys", "signing_key.pem"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe"])
def test_a_broken_key_is_named_in_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    finish(bootstrap(tmp_path))
    (tmp_path / name).write_bytes(content)
    assert name in refusal(bootstrap(tmp_path))


def test_permissions_that_are_too_wide_are_narrowed(tmp_path: Path) -> None:
    finish(bootstrap(tmp_path))
    tmp_path.chmod(0o755)
    for file in tmp_path.iterdir():
        file.chmod(0o644)
    finish(bootstrap(tmp_path))
    assert tmp_path.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


def test_a_name_that_nobody_could_sign_in_with_is_refused(tmp_path: Path) -> None:
    assert "ADMIN_USERNAME" in refusal(bootstrap(tmp_path, ADMIN_USERNAME="a b"))
    assert "ADMIN_USERNAME" in refusal(bootstrap(tmp_path, ADMIN_USERNAME="a" * 200))


def test_the_first_admins_password_meets_the_rules_of_any(tmp_path: Path) -> None:
    line = refusal(bootstrap(tmp_path, ADMIN_PASSWORD="password"))
    assert line == "CommandError: ADMIN_PASSWORD: This password is too common."
