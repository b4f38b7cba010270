"""A client of the embedded Management API, as it would come over the network."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import Settings

from tests.embedded.certificates import make_certificate
from tests.serving import Certificate, Served, serve

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Answer

CLIENT_ID = "test-client_id"
CLIENT_SECRET = "test-client_secret"
AUDIENCE = "https://testserver/api/v2/"
SCRIPT = "function (user, context, callback) { callback(null, { user }); }"
UNLIMITED = "999999999+999999999/s"
NETWORK_CLIENT = {"LOCAL_API_CLIENT_ID": CLIENT_ID, "LOCAL_API_CLIENT_SECRET": CLIENT_SECRET}

Hooks = Callable[..., dict[str, Any]]


@dataclass
class Api:
    """Calls the API with a token; every answer's body must be JSON or nothing."""

    client: Client = field(default_factory=Client)
    token: str = ""

    def ask_token(self, **changes: Any) -> "Answer":
        """POST /oauth/token as a form with this client's credentials; None in `changes` leaves a parameter out."""
        form = {
            "audience": AUDIENCE,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "grant_type": "client_credentials",
        }
        form = {name: value for name, value in {**form, **changes}.items() if value is not None}
        return self.client.post("/oauth/token", form_encoded(form), content_type="application/x-www-form-urlencoded")

    def with_scope(self, scope: str) -> "Api":
        """This client with a token for `scope` only."""
        return Api(self.client, self.ask_token(scope=scope).json()["access_token"])

    def send(
        self, method: str, path: str, content: bytes = b"", content_type: str = "application/json", **headers: str
    ) -> "Answer":
        """Send raw bytes to a path below /api/v2."""
        sent = {"Authorization": f"Bearer {self.token}", "Host": "testserver", **headers}
        return self.client.generic(method, f"/api/v2{path}", content, content_type, headers=sent)

    def get(self, path: str) -> "Answer":
        """GET without a body."""
        return self.send("GET", path)

    def post(self, path: str, body: Any) -> "Answer":
        """POST a JSON body."""
        return self.send("POST", path, json.dumps(body).encode())

    def patch(self, path: str, body: Any) -> "Answer":
        """PATCH with a JSON body."""
        return self.send("PATCH", path, json.dumps(body).encode())

    def delete(self, path: str, body: Any = None) -> "Answer":
        """DELETE, with a JSON body if one is given."""
        return self.send("DELETE", path, b"" if body is None else json.dumps(body).encode())


def form_encoded(form: dict[str, str]) -> str:
    """`form` as an HTML form sends it."""
    return urlencode(form)


@pytest.fixture(autouse=True)
def _open_tenant(settings: Settings) -> None:
    settings.LOCAL_API_CLIENT_ID = CLIENT_ID
    settings.LOCAL_API_CLIENT_SECRET = CLIENT_SECRET
    settings.LOCAL_API_BURST = settings.LOCAL_API_PER_SECOND = 1_000_000
    settings.LOCAL_TENANT_MODE = "writable"


@pytest.fixture
def api(db: None) -> Api:
    """A client with a token for all scopes."""
    client = Api()
    client.token = client.ask_token().json()["access_token"]
    return client


@pytest.fixture
def new_hook(api: Api) -> Hooks:
    """Creates a hook through the API and returns it; keyword arguments change or add properties."""

    def create(name: str = "some-hook", **changes: Any) -> dict[str, Any]:
        body = {"name": name, "script": SCRIPT, "triggerId": "pre-user-registration", **changes}
        answer = api.post("/hooks", body)
        assert answer.status_code == 201, answer.content
        created: dict[str, Any] = json.loads(answer.content)
        return created

    return create


@pytest.fixture(scope="session")
def server() -> Iterator[Served]:
    """A served API over plain HTTP, without a limit worth the name."""
    with serve({**NETWORK_CLIENT, "LOCAL_API_RATE_LIMIT": UNLIMITED}) as served:
        yield served


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for 127.0.0.1 that nobody else trusts."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="session")
def secure_server(certificate: Certificate) -> Iterator[Served]:
    """A served API over HTTPS, which Auth0's management clients insist on."""
    with serve({**NETWORK_CLIENT, "LOCAL_API_RATE_LIMIT": UNLIMITED}, certificate) as served:
        yield served


@pytest.fixture(scope="session")
def limited_server(certificate: Certificate) -> Iterator[Served]:
    """A served API over HTTPS that takes one call a second."""
    with serve({**NETWORK_CLIENT, "LOCAL_API_RATE_LIMIT": "1+1/s"}, certificate) as served:
        yield served
