"""A tenant of three hooks for one trial, its Management API with a fault, and a browser in which an admin works."""

import itertools
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from enum import Enum
from html import unescape
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client

from hooksui.tenants.client import open_client
from hooksui.tenants.config import Tenant
from hooksui.tenants.models import TenantRecord
from tests.fakes import FakeApi, Reply, Request
from tests.weather.faults import Fault

CANARY = "sk-canary-7Qw9"  # the value of each secret that a trial writes
POINT = "pre-user-registration"
JSON = {"Accept": "application/json"}
_LISTED = "/api/v2/hooks"


class Reach(Enum):
    """Which calls meet the fault, and whether what they ask for is done all the same."""

    EVERY = "every call"
    DONE = "writes, done"
    NOT_DONE = "writes, not done"
    FIRST_DONE = "the first write, done"
    AFTER = "all from the first write on, which is done"


class StormyApi(FakeApi):
    """A Management API with a fault, from the moment that `fault` is set. Two enabled hooks stay so."""

    def __init__(self) -> None:
        super().__init__()
        self.rivals = "both"
        self.fault: Fault | None = None
        self.reach = Reach.EVERY
        self.struck = 0
        self.most_enabled = 0
        self.creations = 0

    def answer(self, request: Request) -> Reply:
        """The right answer, or what the fault makes of it."""
        with self._lock:
            write = request.method != "GET" and request.path.startswith(_LISTED)
            if write:
                self.creations += request.method == "POST" and request.path == _LISTED
            fault = self.fault if self._meets(write) else None
            if fault:
                self.struck += 1
            omitted = fault and not fault.shaped and (self.reach in (Reach.EVERY, Reach.NOT_DONE) and write)
            right = Reply(200, {}) if omitted else deepcopy(super().answer(request))
            self.most_enabled = max(self.most_enabled, len(self.enabled()))
            return fault.spoil(right) if fault else right

    def enabled(self) -> list[str]:
        """The names of the hooks that run at POINT."""
        return [hook["name"] for hook in self.hooks.values() if hook["enabled"] and hook["triggerId"] == POINT]

    def _meets(self, write: bool) -> bool:
        if self.reach is Reach.EVERY:
            return True
        if self.reach is Reach.FIRST_DONE:
            return write and not self.struck
        if self.reach is Reach.AFTER:
            return write or self.struck > 0
        return write


@dataclass(frozen=True)
class Seen:
    """What came back: the page's status, the words of its alert and of its other messages, all of it as it was sent."""

    status: int
    alert: str
    said: str
    raw: str
    is_page: bool = True


@dataclass
class World:
    """What a trial has: the tenant, its API, and the browser. `ids` are those of alpha (enabled), beta and gamma."""

    tenant: Tenant
    other: Tenant
    api: StormyApi
    target: FakeApi
    browser: Client
    ids: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """The tenant's pages."""
        return f"/t/{self.tenant.slug}"

    def get(self, path: str) -> Seen:
        """Open a page of the tenant."""
        return seen(self.browser.get(self.address + path, follow=True))

    def post(self, path: str, **data: Any) -> Seen:
        """Send a form of the tenant's, and look at the page that comes in the end."""
        return seen(self.browser.post(self.address + path, data, follow=True))

    def post_as_script(self, path: str, **data: Any) -> Seen:
        """Send a form as the page's script does. An answer in lines ends with what counts."""
        answer = self.browser.post(self.address + path, data, headers=JSON)
        text = _content(answer).decode()
        last = json.loads(text.splitlines()[-1]) if text.strip() else {}
        error = last.get("error") or {}
        said = "" if error else last.get("message") or text
        return Seen(answer.status_code, str(error.get("message", "")), said, text, is_page=False)

    def field(self, path: str, name: str) -> str:
        """The value of a hidden field."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.browser.get(self.address + path).content.decode())
        return unescape(found[1]) if found else ""


def seen(answer: Any) -> Seen:
    """A page as a person has it before them."""
    raw = _content(answer).decode("utf-8", "replace")
    alerts = re.findall(
        r'<div id="alert" role="alert">(.*?)\n</div>|class="field-error"[^>]*>(.*?)</p>', raw, re.DOTALL
    )
    said = re.findall(r'role="status">(.*?)</div>|<section class="done"(.*?)</section>', raw, re.DOTALL)
    # A page without a place for alerts is a failure as a whole.
    return Seen(
        answer.status_code,
        _joined(alerts) if 'id="alert"' in raw else _text(raw),
        _joined(said),
        raw,
    )


def _content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def _joined(found: list[tuple[str, str]]) -> str:
    return " ".join(_text(part) for parts in found for part in parts if part).strip()


def _text(markup: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", " ", markup))).strip()


_numbers = itertools.count()
_settings_lock = threading.Lock()


@contextmanager
def world() -> Iterator[World]:
    """A tenant with the hooks alpha, beta and gamma, of which the first runs, and one of them with a secret."""
    with StormyApi() as api, FakeApi() as target:
        number = next(_numbers)
        tenant, other = api.tenant(f"t{number}"), target.tenant(f"o{number}")
        with _settings_lock:
            settings.TENANTS = {**settings.TENANTS, tenant.slug: tenant, other.slug: other}
        user, _ = get_user_model().objects.get_or_create(username="weather")
        browser = Client(raise_request_exception=False)
        browser.force_login(user)
        made = World(tenant, other, api, target, browser)
        for name, point in (("alpha", POINT), ("beta", POINT), ("gamma", "credentials-exchange")):
            hook = api.add_hook(name=name, triggerId=point, enabled=name == "alpha", dependencies={"lodash": "4.17.21"})
            made.ids.append(hook["id"])
        api.secrets[made.ids[0]] = {"KEY_A": CANARY}
        browser.get(made.address + "/hooks/")
        try:
            yield made
        finally:
            with _settings_lock:
                settings.TENANTS = {
                    slug: each for slug, each in settings.TENANTS.items() if slug not in (tenant.slug, other.slug)
                }
            TenantRecord.objects.filter(slug__in=(tenant.slug, other.slug)).delete()


def forget_clients() -> None:
    """Drop the connections of trials that are over."""
    open_client.cache_clear()


Perform = Callable[[World], Seen]
