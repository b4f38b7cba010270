"""The client of a tenant: whose requests they are."""

from hooksui import __version__
from hooksui.tenants.client import open_client
from tests.fakes import FakeApi


def test_requests_to_a_tenant_name_this_dashboard_and_its_version(fake_api: FakeApi) -> None:
    open_client(fake_api.tenant()).hooks.all()
    sent = fake_api.calls()
    # The one for the token, too.
    assert {request.path for request in sent} == {"/oauth/token", "/api/v2/hooks"}
    assert {request.headers["user-agent"] for request in sent} == {f"Hooks-UI/{__version__}"}
