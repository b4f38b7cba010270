"""Signing in and out."""

from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import get_resolver
from pytest_django import Settings

from hooksui.accounts import throttle

SIGN_IN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit counts by the minute; none ends while a test counts."""
    monkeypatch.setattr(throttle, "time", SimpleNamespace(time=lambda: 90.0))


@pytest.fixture
def dana(db: None) -> str:
    """A person, with the password `correct horse`."""
    get_user_model().objects.create_user("dana", password="correct horse")
    return "dana"


def test_the_page_that_was_asked_for_opens_after_signing_in(client: Client, dana: str) -> None:
    asked = client.get("/t/local/hooks/create/?trigger=send-phone-message")
    assert asked.headers["Location"].startswith(SIGN_IN)
    done = client.post(
        asked.headers["Location"], {"username": dana, "password": "correct horse", "next": "/t/local/hooks/"}
    )
    assert done.headers["Location"] == "/t/local/hooks/"


def test_another_host_is_no_page_to_go_on_to(client: Client, dana: str) -> None:
    sent = {"username": dana, "password": "correct horse", "next": "https://evil.example/"}
    assert client.post(SIGN_IN, sent).headers["Location"] == "/"


@pytest.mark.parametrize("username", ["dana", "nobody"])
def test_a_wrong_password_and_an_unknown_name_look_alike_and_keep_the_name(
    client: Client, dana: str, username: str
) -> None:
    page = client.post(SIGN_IN, {"username": username, "password": "guess"}).content.decode()
    assert "The username or the password is wrong. Check both and try again." in page
    assert f'value="{username}"' in page
    assert "guess" not in page


def test_too_many_tries_have_to_wait_even_with_the_right_password(client: Client, dana: str) -> None:
    for _ in range(throttle.PER_USERNAME):
        client.post(SIGN_IN, {"username": dana, "password": "guess"})
    page = client.post(SIGN_IN, {"username": "DANA", "password": "correct horse"}).content.decode()
    assert "Too many attempts. Wait 30 seconds, then try again." in page


def test_tries_of_one_name_leave_others_alone(client: Client, dana: str) -> None:
    for _ in range(throttle.PER_USERNAME):
        client.post(SIGN_IN, {"username": "somebody else", "password": "guess"})
    assert client.post(SIGN_IN, {"username": dana, "password": "correct horse"}).status_code == 302


def test_junk_from_elsewhere_does_not_make_the_limit_forget(client: Client, dana: str) -> None:
    for _ in range(throttle.PER_USERNAME):
        client.post(SIGN_IN, {"username": dana, "password": "guess"})
    for number in range(400):
        client.post(SIGN_IN, {"username": f"junk {number}", "password": "x"}, REMOTE_ADDR="127.0.0.3")
    page = client.post(SIGN_IN, {"username": dana, "password": "guess"}).content.decode()
    assert "Too many attempts. Wait " in page


def test_behind_a_tls_proxy_tries_count_by_the_address_that_it_adds(
    client: Client, dana: str, settings: Settings
) -> None:
    settings.SESSION_COOKIE_SECURE = True

    def sign_in(forwarded: str) -> str:
        sent = {"username": dana, "password": "guess"}
        return client.post(SIGN_IN, sent, headers={"X-Forwarded-For": forwarded}).content.decode()

    for _ in range(throttle.PER_USERNAME):
        sign_in("203.0.113.1, 198.51.100.7")
    assert "Too many attempts. Wait " in sign_in("203.0.113.2, 198.51.100.7")
    assert "The username or the password is wrong." in sign_in("198.51.100.7, 203.0.113.9")


def test_whoever_is_signed_out_already_gets_to_the_sign_in_page(client: Client, db: None) -> None:
    assert client.post("/accounts/logout/").headers["Location"] == SIGN_IN


def test_the_sign_in_page_has_one_alert(client: Client, dana: str) -> None:
    page = client.post(SIGN_IN, {"username": dana, "password": "guess"}).content.decode()
    assert page.count('role="alert"') == 1


def test_signing_out_needs_a_post_and_ends_the_session(client: Client, dana: str) -> None:
    client.login(username=dana, password="correct horse")
    assert client.get("/accounts/logout/").headers["Location"] == "/"
    assert client.get("/t/local/hooks/").status_code == 200
    assert client.post("/accounts/logout/").headers["Location"] == SIGN_IN
    assert client.get("/t/local/hooks/").status_code == 302


def test_every_page_needs_a_signed_in_person_but_the_known_ones(client: Client, db: None) -> None:
    open_to_all = {"healthz", "accounts/login/", "accounts/logout/"}
    ids = dict.fromkeys(("<hook_id:hook_id>", "<slug:run_id>", "<slug:import_id>"), "abc")
    samples = {"t/<slug:slug>/": "t/local/", **ids}
    checked = 0
    for route in _routes():
        address = route
        for pattern, sample in samples.items():
            address = address.replace(pattern, sample)
        if route.startswith(("api/", "oauth/", "^api")) or route in open_to_all:
            continue
        answer = client.get("/" + address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith(SIGN_IN), address
        assert client.post("/" + address).status_code == 401, address
        checked += 1
    assert checked == 22


def test_a_form_sent_after_the_session_ended_comes_back_with_what_was_typed(client: Client, db: None) -> None:
    address = "/t/local/hooks/abc/"
    answer = client.post(address, {"script": "typed with care <b>"})
    assert answer.status_code == 401
    assert "typed with care &lt;b&gt;</textarea>" in answer.content.decode()
    assert f'href="{SIGN_IN}?next=/t/local/hooks/abc/"' in answer.content.decode()
    asked = client.post(address, {"script": "1"}, headers={"Accept": "application/json"})
    assert asked.json()["error"]["kind"] == "signed-out"


def _routes(resolver: object = None, prefix: str = "") -> list[str]:
    found = []
    for entry in getattr(resolver or get_resolver(), "url_patterns"):  # noqa: B009 - two classes have it
        route = prefix + str(entry.pattern)
        found += _routes(entry, route) if hasattr(entry, "url_patterns") else [route]
    return found
