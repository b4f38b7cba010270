"""What all pages share: headers, the health check, and pages for what goes wrong."""

import json
import re
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import Settings

from hooksui import __version__
from hooksui.tenants.client import open_client
from hooksui.tenants.config import LOCAL, LOCAL_ORIGIN, Tenant
from hooksui.web import logs
from hooksui.web.responses import json_lines

ROOT = Path(__file__).parents[2]


@pytest.fixture
def admin(db: None) -> Client:
    """A signed-in browser that checks forms' tokens and shows the page of a failure, as a real one does."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(get_user_model().objects.create_user("admin"))
    return client


def test_healthz_answers_anybody_with_json(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "version": __version__})


def test_the_footer_names_the_version(admin: Client) -> None:
    footers = re.findall(r"<footer[^>]*>(.*?)</footer>", admin.get("/t/local/hooks/").content.decode())
    assert footers == [f"Hooks UI {__version__}"]


def test_the_policy_lets_nothing_in_from_elsewhere_and_nothing_inline(admin: Client) -> None:
    policy = admin.get("/t/local/hooks/").headers["Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["style-src"] == "'self'"
    assert directives["worker-src"] == "'self'"
    assert directives["trusted-types"] == "language-service"
    for name in ("frame-ancestors", "base-uri"):
        assert directives[name] == "'none'"
    assert "unsafe" not in policy
    assert "http" not in policy


def test_only_the_editor_has_a_nonce_and_only_for_styles(admin: Client) -> None:
    hook = open_client(Tenant(LOCAL, LOCAL_ORIGIN)).hooks.create("one", "send-phone-message", "1", enabled=False)
    answer = admin.get(f"/t/local/hooks/{hook.id}/")
    policy = answer.headers["Content-Security-Policy"]
    (nonce,) = re.findall(r"'nonce-([^']+)'", policy)
    assert f"style-src 'self' 'nonce-{nonce}'" in policy
    assert f'nonce="{nonce}"' in answer.content.decode()
    assert nonce not in admin.get(f"/t/local/hooks/{hook.id}/").headers["Content-Security-Policy"]


def test_pages_are_kept_out_of_caches_and_carry_the_requests_number(admin: Client) -> None:
    answer = admin.get("/t/local/hooks/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert re.fullmatch("[0-9a-f]{8}", answer.headers["X-Request-Id"])


def test_an_address_that_leads_nowhere_says_so(client: Client, db: None) -> None:
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "There is no page at this address. Go to the list of hooks." in answer.content.decode()


def test_an_address_without_its_last_slash_leads_on(admin: Client) -> None:
    answer = admin.get("/t/local/hooks/create?trigger=send-phone-message")
    assert answer.headers["Location"] == "/t/local/hooks/create/?trigger=send-phone-message"
    assert admin.get("/t/local/").headers["Location"] == "/t/local/hooks/"
    assert admin.get("/api/v2/hooks").status_code == 404


def test_a_stranger_is_not_told_which_tenants_there_are(client: Client, db: None, settings: Settings) -> None:
    settings.TENANTS = {"acme-prod": Tenant("acme-prod", LOCAL_ORIGIN)}
    for address in ("/no/such/page/", "/accounts/login/"):
        assert "acme-prod" not in client.get(address).content.decode()


def test_colours_come_as_a_style_sheet_that_only_people_who_are_signed_in_get(
    client: Client, admin: Client, settings: Settings
) -> None:
    assert "tenants.css" not in admin.get("/t/local/hooks/").content.decode()
    settings.TENANTS = {"local": Tenant("local", LOCAL_ORIGIN, color="#a3300d"), "other": Tenant("other", LOCAL_ORIGIN)}
    page = admin.get("/t/local/hooks/").content.decode()
    assert '<html lang="en" class="tenant-local">' in page
    (address,) = re.findall(r'href="(/tenants\.css\?v=\w+)"', page)
    sheet = admin.get(address)
    assert sheet.content.decode() == ".tenant-local { --tenant: #a3300d; --on-tenant: #ffffff; }\n"
    assert sheet.headers["Content-Type"].startswith("text/css")
    assert client.get(address).status_code == 302


def test_a_form_with_an_old_token_comes_back_with_what_was_typed(admin: Client) -> None:
    answer = admin.post("/t/local/hooks/abc/", {"script": "typed with care"})
    assert answer.status_code == 403
    assert "This page was open for too long. What you typed is still here; send it again." in answer.content.decode()
    assert "typed with care</textarea>" in answer.content.decode()
    asked = admin.post("/t/local/hooks/abc/", {"script": "1"}, headers={"Accept": "application/json"})
    assert asked.json()["error"]["kind"] == "form-too-old"


def test_a_request_that_is_far_too_large_is_refused_in_words(db: None) -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_user("admin"))
    large = {"script": "x" * 5_000_000}
    answer = client.post("/t/local/hooks/abc/", large, headers={"Accept": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["error"]["message"].startswith("What was sent is larger than 4 MB.")
    page = client.post("/t/local/hooks/abc/", large)
    assert page.status_code == 413
    assert "nothing of it was kept. Go back and make it shorter, or send it in parts." in page.content.decode()


def test_a_name_that_the_server_does_not_go_by_is_told_what_to_set(client: Client) -> None:
    page = client.get("/accounts/login/", headers={"Host": "dashboard.example"})
    assert page.status_code == 400
    assert "An admin has to set PUBLIC_URL" in page.content.decode()


def test_a_failure_of_our_own_shows_a_number_and_no_traceback(
    admin: Client, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.TENANTS = {"local": object()}  # a fault that no form and no tenant can cause
    answer = admin.get("/t/local/hooks/")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert f"Give your admin the number {answer.headers['X-Request-Id']}." in page
    assert "Traceback" not in page
    assert "object" not in page
    assert "Traceback" in caplog.text


def test_a_form_that_cannot_be_read_is_refused_in_words(db: None) -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_user("admin"))
    odd = "application/x-www-form-urlencoded; charset=utf-7"
    answer = client.generic("POST", "/t/local/hooks/create/", b"name=\xff\xfe", odd)
    assert answer.status_code == 400
    assert "This request cannot be read." in answer.content.decode()


def test_a_page_that_takes_no_form_says_so(db: None) -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_user("admin"))
    answer = client.post("/t/local/hooks/")
    assert answer.status_code == 405
    assert "This page does not accept that request." in answer.content.decode()


def test_a_strangers_nonsense_leaves_one_line_in_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    client.get("/accounts/login/", headers={"Host": "dashboard.example"})
    assert len(caplog.text.splitlines()) == 1


@pytest.mark.parametrize("address", ["/t/local/import/", "/t/local/hooks/create/", "/oauth/token"])
@pytest.mark.parametrize("as_script", [False, True])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=\u00e9", b"x"),
        ("multipart/form-data; boundary=" + "x" * 5000, b"x"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!!a\r\n--x--',
        ),
        ("multipart/form-data; boundary=x", b"--x\r\n" + b"X: y\r\n" * 20_000 + b"\r\nabc\r\n--x--"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_without_a_traceback(
    db: None, caplog: pytest.LogCaptureFixture, address: str, as_script: bool, kind: str, body: bytes
) -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_user("admin"))
    headers = {"Accept": "application/json"} if as_script else {}
    answer = client.generic("POST", address, body, content_type=kind, headers=headers)
    assert answer.status_code == (404 if address == "/oauth/token" else 400)
    assert caplog.records
    assert "Traceback" not in caplog.text


def test_what_is_told_line_by_line_ends_with_a_word_when_it_fails(caplog: pytest.LogCaptureFixture) -> None:
    def events() -> Generator[dict[str, Any]]:
        yield {"done": 1}
        raise KeyError("a fault of our own")

    logs.current_request.set("0a1b2c3d")
    first, last = json_lines(events()).getvalue().splitlines()
    assert json.loads(first) == {"done": 1}
    message = "Something failed on our side. Give your admin the number 0a1b2c3d."
    assert json.loads(last) == {"error": {"message": message, "kind": "own-fault"}}
    assert "a fault of our own" in caplog.text


def test_static_files_are_named_by_content_and_come_compressed(client: Client, db: None) -> None:
    page = client.get("/accounts/login/").content.decode()
    (script,) = re.findall(r'<script type="module" src="(/static/[^"]+)"', page)
    assert re.fullmatch(r"/static/dist/page\.[0-9a-f]{12}\.js", script)
    answer = client.get(script, headers={"Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]


def test_no_template_holds_code_or_style() -> None:
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|\|safe|autoescape", text), template
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text)), template


def test_a_page_names_all_files_that_its_script_imports_and_each_is_there(admin: Client, settings: Settings) -> None:
    page = admin.get("/t/local/hooks/").content.decode()
    (script,) = re.findall(r'<script type="module" src="([^"]+/list\.[^"]+)"', page)
    named = {script, *re.findall(r'<link rel="modulepreload" href="([^"]+)"', page)}
    imported = {script}
    for address in named:
        text = (settings.STATIC_ROOT / address.removeprefix(settings.STATIC_URL)).read_text(encoding="utf-8")
        imported |= {"/static/dist/" + name for name in re.findall(r'(?:from|import) ?"\./([^"]+)"', text)}
    assert named == imported
    assert len(named) > 1


def test_a_public_address_by_https_keeps_browsers_to_it(admin: Client, settings: Settings) -> None:
    assert "Strict-Transport-Security" not in admin.get("/t/local/hooks/").headers
    settings.SESSION_COOKIE_SECURE = True
    answer = admin.get("/t/local/hooks/")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
