"""auth0-python works on the embedded API, through sockets."""

import threading
from collections.abc import Callable

import httpx
import pytest
from auth0.management import ManagementClient
from auth0.management.client import Auth0
from auth0.management.core.api_error import ApiError
from auth0.management.core.request_options import RequestOptions
from auth0.management.errors import (
    BadRequestError,
    ConflictError,
    ForbiddenError,
    NotFoundError,
    TooManyRequestsError,
    UnauthorizedError,
)

from tests.embedded.conftest import CLIENT_ID, CLIENT_SECRET, SCRIPT
from tests.serving import Certificate, Served

# Otherwise the SDK sends a call that met a conflict three times.
ONCE: RequestOptions = {"max_retries": 0}


def domain(server: Served) -> str:
    return server.url.partition("://")[2]


@pytest.fixture
def client(secure_server: Served, certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> ManagementClient:
    """The client as its documentation creates it, with credentials."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
    return ManagementClient(domain=domain(secure_server), client_id=CLIENT_ID, client_secret=CLIENT_SECRET)


@pytest.fixture
def with_token(client: ManagementClient, secure_server: Served) -> Callable[[str], ManagementClient]:
    """Makes clients with a given token."""
    return lambda token: ManagementClient(domain=domain(secure_server), token=token)


def scoped_token(server: Served, scope: str) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "audience": f"{server.url}/api/v2/",
        "scope": scope,
    }
    # A limited server may refuse at first, and the token call is no part of what the SDK tries again.
    while (answer := httpx.post(f"{server.url}/oauth/token", data=form)).status_code == 429:
        threading.Event().wait(float(answer.headers["Retry-After"]))
    return str(answer.json()["access_token"])


def test_a_hooks_life(client: ManagementClient) -> None:
    created = client.hooks.create(
        name="python life", script=SCRIPT, trigger_id="credentials-exchange", dependencies={"auth0": "2.30.0"}
    )
    assert (created.name, created.enabled, created.trigger_id) == ("python-life", False, "credentials-exchange")
    assert created.id
    read = client.hooks.get(created.id)
    assert (read.script, read.dependencies) == (SCRIPT, {"auth0": "2.30.0"})
    assert client.hooks.get(created.id, fields="name").dict(exclude_unset=True) == {"name": "python-life"}
    changed = client.hooks.update(created.id, script="2", enabled=True)
    assert (changed.script, changed.enabled, changed.name) == ("2", True, "python-life")
    client.hooks.delete(created.id)
    with pytest.raises(NotFoundError) as caught:
        client.hooks.get(created.id)
    assert "HookDoesNotExist" in str(caught.value.body)


def test_lists_are_paged_to_their_end(client: ManagementClient) -> None:
    created = [
        client.hooks.create(name=f"python page {letter}", script="1", trigger_id="post-change-password").id
        for letter in "abcde"
    ]
    pager = client.hooks.list(per_page=2, trigger_id="post-change-password")
    assert [hook.id for hook in pager] == sorted(str(each) for each in created)
    pages = list(client.hooks.list(per_page=2, trigger_id="post-change-password").iter_pages())
    assert [len(page.items or []) for page in pages if page.items] == [2, 2, 1]
    assert [hook.script for hook in client.hooks.list(fields="id", trigger_id="post-change-password")] == [None] * 5


def test_enabling_one_disables_the_other(client: ManagementClient) -> None:
    first, second = (
        client.hooks.create(name=f"python {name}", script="1", trigger_id="pre-user-registration", enabled=True)
        for name in ("first", "second")
    )
    listed = [hook.id for hook in client.hooks.list(enabled=True, trigger_id="pre-user-registration")]
    assert listed == [second.id]
    assert first.id
    client.hooks.update(first.id, enabled=True)
    listed = [hook.id for hook in client.hooks.list(enabled=True, trigger_id="pre-user-registration")]
    assert listed == [first.id]


def test_secrets_in_all_four_ways(client: ManagementClient) -> None:
    hook_id = client.hooks.create(name="python secrets", script="1", trigger_id="credentials-exchange").id
    assert hook_id
    client.hooks.secrets.create(hook_id, request={"SECRET1": "1", "api-key": "2"})
    client.hooks.secrets.update(hook_id, request={"api-key": "3"})
    assert client.hooks.secrets.get(hook_id) == {"SECRET1": "_VALUE_NOT_SHOWN_", "api-key": "_VALUE_NOT_SHOWN_"}
    client.hooks.secrets.delete(hook_id, request=["SECRET1"])
    assert client.hooks.secrets.get(hook_id) == {"api-key": "_VALUE_NOT_SHOWN_"}
    with pytest.raises(NotFoundError):
        client.hooks.secrets.update(hook_id, request={"SECRET1": "1"})
    with pytest.raises(ConflictError):
        client.hooks.secrets.create(hook_id, request={"api-key": "1"}, request_options=ONCE)


def test_refusals_are_typed_exceptions(
    client: ManagementClient, with_token: Callable[[str], ManagementClient], secure_server: Served
) -> None:
    client.hooks.create(name="python taken", script="1", trigger_id="credentials-exchange")
    with pytest.raises(ConflictError):
        client.hooks.create(name="Python Taken", script="1", trigger_id="credentials-exchange", request_options=ONCE)
    with pytest.raises(BadRequestError):
        client.hooks.create(name="a_b", script="1", trigger_id="credentials-exchange")
    with pytest.raises(UnauthorizedError):
        with_token("a.b.c").hooks.list()
    with pytest.raises(ForbiddenError) as caught:
        with_token(scoped_token(secure_server, "read:hooks")).hooks.delete("x")
    assert "insufficient_scope" in str(caught.value.body)


def test_wrong_credentials_are_refused_at_the_token(client: ManagementClient, secure_server: Served) -> None:
    wrong = ManagementClient(domain=domain(secure_server), client_id=CLIENT_ID, client_secret="wrong")
    with pytest.raises(httpx.HTTPStatusError, match="401"):
        wrong.hooks.list()


def test_the_low_level_client_works_over_plain_http(server: Served) -> None:
    api = Auth0(base_url=f"{server.url}/api/v2", token=scoped_token(server, "read:hooks create:hooks"))
    hook = api.hooks.create(name="python plain", script="é😀", trigger_id="credentials-exchange")
    assert hook.id
    assert api.hooks.get(hook.id).script == "é😀"
    with pytest.raises(ApiError):
        api.users.list()


def test_a_limited_call_is_tried_again_until_it_passes(
    limited_server: Served, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.authority))
    statuses: list[int] = []
    watched = httpx.Client(event_hooks={"response": [lambda response: statuses.append(response.status_code)]})
    client = Auth0(
        base_url=f"{limited_server.url}/api/v2", token=scoped_token(limited_server, "read:hooks"), httpx_client=watched
    )
    for _ in range(2):
        assert list(client.hooks.list(include_totals=True).items or []) == []
    assert (statuses.count(200), statuses[-1]) == (2, 200)
    assert 429 in statuses

    def list_until_refused() -> None:
        for _ in range(10):
            client.hooks.list(request_options=ONCE)

    with pytest.raises(TooManyRequestsError) as caught:
        list_until_refused()
    assert "Global limit has been reached" in str(caught.value.body)
