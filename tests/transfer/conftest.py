"""Imports into a stand-in for a tenant that can fail at any step, and into the embedded tenant."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from hooksui import catalogue
from hooksui.tenants.client import open_client
from hooksui.tenants.config import LOCAL, LOCAL_ORIGIN, Tenant
from hooksui.tenants.models import TenantRecord
from hooksui.tenants.state import record_of
from hooksui.transfer.applying.application import Application
from hooksui.transfer.files.definition import Definition
from hooksui.transfer.planning import plan, snapshot
from hooksui.transfer.progress import finish
from tests.fakes import FakeApi, Reply, Request
from tests.workspaces import long_workspace_of, workspace_of

PRE, POST, EXCHANGE = "pre-user-registration", "post-user-registration", "credentials-exchange"
OLD, NEW = "module.exports = 'old';", "module.exports = 'new';"
Failure = Callable[[Callable[[], Reply]], Reply]


class FailingApi(FakeApi):
    """The stand-in, which notes each write in a few words and fails at the one that is called `fails_at`, once.

    `failure` gets what would carry the request out, and gives the answer. `crowded` are points that ever had two
    enabled hooks; without a word, this tenant lets both run.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rivals = "both"
        self.writes: list[str] = []
        self.done: list[str] = []
        self.crowded: list[str] = []
        self.fails_at = ""
        self.failure: Failure = lambda carry_out: carry_out()

    def answer(self, request: Request) -> Reply:
        """As the stand-in does, unless it fails."""
        if request.method == "GET" or request.path == "/oauth/token":
            return super().answer(request)
        word = self._word(request)
        self.writes.append(word)

        def carry_out() -> Reply:
            reply = super(FailingApi, self).answer(request)
            if reply.status < 300:
                self.done.append(word)
            enabled = [hook["triggerId"] for hook in self.hooks.values() if hook["enabled"]]
            self.crowded += {trigger for trigger in enabled if enabled.count(trigger) > 1}
            return reply

        if word != self.fails_at:
            return carry_out()
        self.fails_at = ""
        return self.failure(carry_out)

    def named(self, name: str) -> dict[str, Any]:
        """The hook of this name, with its secrets."""
        (hook,) = [hook for hook in self.hooks.values() if hook["name"] == name]
        return {**hook, "secrets": self.secrets.get(hook["id"], {})}

    def _word(self, request: Request) -> str:
        body = request.json() if request.body else {}
        if request.path == "/api/v2/hooks":
            return f"create {body['name']}"
        hook_id, _, secrets = request.path.removeprefix("/api/v2/hooks/").partition("/")
        name = self.hooks[hook_id]["name"]
        if secrets:
            return f"{request.method} {' '.join(body)} of {name}"
        if request.method == "DELETE":
            return f"delete {name}"
        if "enabled" in body:
            return f"{'enable' if body['enabled'] else 'disable'} {name}"
        return f"save {' '.join(body)} of {name}"


@dataclass
class Importer:
    """Plans and applies definitions in one tenant; `calls` has what the last plan asked for."""

    tenant: Tenant
    record: TenantRecord = field(init=False)

    def __post_init__(self) -> None:
        self.record = record_of(self.tenant)

    def plan(self, definitions: list[Definition], *, deleting: bool = False) -> plan.Plan:
        """The plan, as of now."""
        needed = plan.needs_secrets(definitions, deleting)
        taken = finish(
            snapshot.take(
                workspace_of(self.tenant, self.record), lambda hook: catalogue.stored_name(hook.name) in needed
            )
        )
        return plan.make(definitions, [], taken, deleting=deleting)

    def application(self, definitions: list[Definition], *, deleting: bool = False) -> Application:
        """The plan's application, which has not begun."""
        return Application(long_workspace_of(self.tenant, self.record), self.plan(definitions, deleting=deleting))

    def apply(self, definitions: list[Definition], *, deleting: bool = False) -> Application:
        """The plan, carried out as far as it goes."""
        application = self.application(definitions, deleting=deleting)
        finish(application.run())
        return application


@pytest.fixture
def api(fake_api: FakeApi) -> Iterator[FailingApi]:
    """A tenant that takes every write but the one that it fails at."""
    with FailingApi() as failing:
        yield failing


@pytest.fixture
def importer(api: FailingApi, db: None) -> Importer:
    """Imports into `api`."""
    return Importer(api.tenant())


@pytest.fixture
def local(db: None) -> Importer:
    """Imports into the embedded tenant."""
    return Importer(Tenant(LOCAL, LOCAL_ORIGIN))


def make_hook(tenant: Tenant, name: str, trigger: str, script: str, *, enabled: bool = False, **secrets: str) -> None:
    """Create a hook in `tenant` as it is, with these secrets."""
    client = open_client(tenant)
    hook = client.hooks.create(name, trigger, script, enabled=enabled)
    if secrets:
        client.secrets.add(hook.id, secrets)


def prepare(tenant: Tenant) -> None:
    """What the tenant has before."""
    make_hook(tenant, "running", PRE, OLD, enabled=True)
    make_hook(tenant, "changed", POST, OLD, HAS="old", EXTRA="e")
    make_hook(tenant, "gone", EXCHANGE, OLD, enabled=True)


@pytest.fixture
def prepared(api: FailingApi, importer: Importer) -> Importer:
    """A tenant with hooks of its own."""
    prepare(importer.tenant)
    for record in (api.writes, api.done, api.requests):
        record.clear()
    return importer
