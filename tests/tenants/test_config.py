"""Tenants and settings from the environment."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hooksui import env
from hooksui.tenants.config import LOCAL_ORIGIN, Tenant, read_tenants
from tests.serving import ROOT

Read = Callable[..., dict[str, Tenant]]
ID, SECRET, TOKEN = "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET", "AUTH0_TOKEN"


@pytest.fixture
def tenants(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Reads the tenants from the given variables alone."""

    def read(**variables: str) -> dict[str, Tenant]:
        for name in list(os.environ):
            if "AUTH0_" in name or name == "TENANTS":
                monkeypatch.delenv(name)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        return read_tenants()

    return read


def test_without_any_variable_there_is_the_embedded_one(tenants: Read) -> None:
    assert tenants() == {"local": Tenant("local", LOCAL_ORIGIN)}
    assert tenants()["local"].is_local


@pytest.mark.parametrize(
    ("domain", "origin", "slug"),
    [
        ("acme.eu.auth0.com", "https://acme.eu.auth0.com", "acme"),
        ("login.acme.example", "https://login.acme.example", "login-acme-example"),
        ("https://auth0.acme.example:8443/", "https://auth0.acme.example:8443", "auth0-acme-example-8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000", "127-0-0-1-8000"),
        ("http://[::1]:8000", "http://[::1]:8000", "1-8000"),
    ],
)
def test_a_domain_is_a_host_or_an_origin(tenants: Read, domain: str, origin: str, slug: str) -> None:
    (tenant,) = tenants(AUTH0_DOMAIN=domain, AUTH0_TOKEN="t").values()
    assert (tenant.origin, tenant.slug) == (origin, slug)


def test_several_tenants_have_prefixed_variables(tenants: Read) -> None:
    read = tenants(
        TENANTS="acme-dev, local,acme-prod",
        ACME_DEV_AUTH0_DOMAIN="dev.auth0.com",
        ACME_DEV_AUTH0_CLIENT_ID="id",
        ACME_DEV_AUTH0_CLIENT_SECRET="$ecret",
        ACME_PROD_AUTH0_DOMAIN="prod.auth0.com",
        ACME_PROD_AUTH0_TOKEN="token",
        ACME_PROD_COLOR="#D41",
        LOCAL_COLOR="#ffd400",
    )
    assert list(read) == ["acme-dev", "local", "acme-prod"]
    assert (read["acme-dev"].client_secret, read["acme-dev"].variables) == (
        "$ecret",
        "ACME_DEV_AUTH0_CLIENT_ID and ACME_DEV_AUTH0_CLIENT_SECRET",
    )
    assert read["local"].is_local
    assert (read["acme-prod"].token, read["acme-prod"].variables) == ("token", "ACME_PROD_AUTH0_TOKEN")
    assert [each.color for each in read.values()] == ["", "#ffd400", "#dd4411"]


def test_text_on_a_colour_is_black_or_white_whichever_contrasts_more() -> None:
    for color, on_color in {
        "#ffffff": "#000000",
        "#000000": "#ffffff",
        "#a3300d": "#ffffff",
        "#ffd400": "#000000",
    }.items():
        assert Tenant("acme", "https://acme.example", color=color).on_color == on_color


BAD = [
    ({"AUTH0_DOMAIN": "https://acme.example/api"}, "AUTH0_DOMAIN"),
    ({"AUTH0_DOMAIN": "ftp://acme.example"}, "AUTH0_DOMAIN"),
    ({"AUTH0_DOMAIN": "user:pass@acme.example"}, "AUTH0_DOMAIN"),
    ({"AUTH0_DOMAIN": "acme example"}, "AUTH0_DOMAIN"),
    ({"AUTH0_DOMAIN": "acme.example:99999", TOKEN: "t"}, "AUTH0_DOMAIN"),
    ({"AUTH0_DOMAIN": "acme.example"}, ID),
    ({"AUTH0_DOMAIN": "acme.example", ID: "id"}, SECRET),
    ({"AUTH0_DOMAIN": "acme.example", ID: "id", SECRET: "s", TOKEN: "t"}, TOKEN),
    ({"AUTH0_DOMAIN": "acme.example", TOKEN: "two words"}, TOKEN),
    ({TOKEN: "t"}, "AUTH0_DOMAIN"),
    ({"TENANTS": "Acme"}, "TENANTS"),
    ({"TENANTS": "a,a", "A_AUTH0_DOMAIN": "a.example", "A_AUTH0_TOKEN": "t"}, "TENANTS"),
    ({"TENANTS": "a", "AUTH0_DOMAIN": "a.example"}, "TENANTS"),
    ({"TENANTS": "local", TOKEN: "t"}, "TENANTS"),
    ({"TENANTS": ","}, "TENANTS"),
    ({"TENANTS": "acme-dev"}, "ACME_DEV_AUTH0_DOMAIN"),
    ({"TENANTS": "acme-dev", "ACME_DEV_AUTH0_DOMAIN": "a.example"}, "ACME_DEV_AUTH0_CLIENT_ID"),
    ({"TENANTS": "local", "LOCAL_COLOR": "red"}, "LOCAL_COLOR"),
    ({"TENANTS": "local", "LOCAL_COLOR": "#12345"}, "LOCAL_COLOR"),
]


@pytest.mark.parametrize(("variables", "named"), BAD)
def test_a_bad_value_is_one_line_that_names_its_variable(tenants: Read, variables: dict[str, str], named: str) -> None:
    with pytest.raises(env.SettingError) as caught:
        tenants(**variables)
    assert str(caught.value).startswith(f"hooksui: {named}: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "eight thousand"),
        ("THREADS", "1000"),
        ("PUBLIC_URL", "hooks/ui"),
        ("LOG_LEVEL", "LOUD"),
        ("LOCAL_TENANT_MODE", "broken"),
        ("LOCAL_API_RATE_LIMIT", "fast"),
        ("LOCAL_API_CLIENT_SECRET", "without an id"),
    ],
)
def test_a_bad_setting_stops_any_command_without_a_traceback(tmp_path: Path, name: str, value: str) -> None:
    named = "LOCAL_API_CLIENT_ID" if name == "LOCAL_API_CLIENT_SECRET" else name
    variables = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), name: value}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"hooksui: {named}: ")


def test_a_dotenv_file_is_read_and_the_shell_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("HOOKSUI_TEST_ONE=file\nHOOKSUI_TEST_TWO='file two'\n")
    monkeypatch.setenv("HOOKSUI_TEST_ONE", "shell")
    monkeypatch.setenv("HOOKSUI_TEST_TWO", "")
    monkeypatch.delenv("HOOKSUI_TEST_TWO")
    env.read_dotenv(tmp_path / ".env")
    assert (env.text("HOOKSUI_TEST_ONE"), env.text("HOOKSUI_TEST_TWO")) == ("shell", "file two")
