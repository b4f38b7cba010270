"""A workspace as pages have one."""

from hooksui.hooks.changes import Actor
from hooksui.hooks.workspace import LongWorkspace, Workspace
from hooksui.tenants.config import Tenant
from hooksui.tenants.models import TenantRecord
from hooksui.tenants.state import record_of

ADMIN = Actor("admin", "127.0.0.1")


def workspace_of(tenant: Tenant, record: TenantRecord | None = None) -> Workspace:
    """What an admin does with the hooks of `tenant`, of which `record` is known, else what the database has."""
    return Workspace(tenant, record or record_of(tenant), ADMIN)


def long_workspace_of(tenant: Tenant, record: TenantRecord | None = None) -> LongWorkspace:
    """The same for an import."""
    return LongWorkspace(workspace_of(tenant, record), "import")
