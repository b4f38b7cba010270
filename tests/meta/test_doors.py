"""Doors that nothing may go around: writing to a tenant, and asking whether somebody may do what a page does."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import DjangoAssertNumQueries

from hooksui.accounts.permissions import Permission
from hooksui.dashboard.views.page import TenantPage
from hooksui.web import views

PRODUCT = Path(__file__).parents[2] / "hooksui"
RESOURCES = {"hooks", "secrets"}
READS = {"all", "at_point", "get", "names"}
# The client library, and the API on its other side.
BELOW = ("auth0", "embedded")


def other_uses(source: str) -> list[int]:
    """The lines of `source` that do something else with a resource of a client than to call one of its reads."""
    tree = ast.parse(source)
    beside = [
        node.lineno
        for node in ast.walk(tree)
        # Under another name nobody could see what is done with it.
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr.endswith("client")
        and not all(ast.unparse(target).endswith("client") for target in node.targets)
    ]
    read = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in READS}
    return beside + [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in RESOURCES
        and ast.unparse(node.value).lower().endswith(("client", ")"))
        and id(node) not in read
    ]


def test_the_workspace_alone_writes_to_a_tenant() -> None:
    found = {
        file.relative_to(PRODUCT).as_posix(): lines
        for file in PRODUCT.rglob("*.py")
        if file.relative_to(PRODUCT).parts[0] not in BELOW
        if (lines := other_uses(file.read_text(encoding="utf-8")))
    }
    assert found.keys() == {"hooks/workspace.py"}


@pytest.mark.parametrize(
    "source",
    [
        "self._client.hooks.delete(hook_id)",
        "call = partial(client.secrets.add, hook_id, values)",
        "hooks = open_client(tenant).hooks",
        "workspace.client.hooks.update(hook.id, wanted)",
        "api = workspace.client; api.hooks.update(hook.id, wanted)",
    ],
)
def test_a_write_beside_the_workspace_would_be_found(source: str) -> None:
    assert other_uses(source) == [1]
    assert other_uses("names = client.secrets.names(hook_id)") == []


def test_who_may_nothing_is_told_so_by_a_page(db: None) -> None:
    for request in (RequestFactory().get("/"), RequestFactory().get("/", headers={"Accept": "application/json"})):
        request.user = AnonymousUser()
        request.session = SessionBase()
        with pytest.raises(PermissionDenied) as caught:
            views.home(request)
        answer = views.not_permitted(request, caught.value)
        assert answer.status_code == 403
        assert b"You may not do this here. Nothing was changed." in answer.content


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """All addresses, with their namespaces, that lead to a view."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, f"{prefix}{entry.namespace}:")
        else:
            yield f"{prefix}{entry.name}", entry


ALL = dict(patterns(get_resolver()))
PAGES = {name: getattr(entry.callback, "view_class", None) for name, entry in ALL.items()}
TENANT_PAGES = {name: page for name, page in PAGES.items() if page and issubclass(page, TenantPage)}


def test_each_view_is_for_strangers_or_says_what_it_needs() -> None:
    open_to_all = {name for name, entry in ALL.items() if not getattr(entry.callback, "login_required", True)}
    # They show what the person may view of all tenants; the last one only leads on.
    others = {"home", "tenant-colors", "dashboard:None"}
    assert {name for name in ALL if name not in TENANT_PAGES} == open_to_all | others
    assert ALL["home"].callback == views.home


@pytest.mark.parametrize("name", sorted(TENANT_PAGES))
def test_a_page_says_what_each_of_its_methods_needs(name: str) -> None:
    page = TENANT_PAGES[name]
    methods = {method.upper() for method in ("get", "post", "put", "patch", "delete") if hasattr(page, method)}
    assert page.needs.keys() == methods
    assert all(isinstance(permission, Permission) for permission in page.needs.values())


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", sorted(TENANT_PAGES))
def test_who_may_not_is_refused_before_anything_is_read(
    name: str, method: str, django_assert_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    request = RequestFactory().generic(method, "/")
    request.user = AnonymousUser()
    with django_assert_num_queries(0), pytest.raises(PermissionDenied):
        ALL[name].callback(request, slug="local", hook_id="01HOOK", run_id="1", import_id="1")
