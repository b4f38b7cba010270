"""A tenant's hooks as files."""

from hooksui.tenants.config import Tenant
from hooksui.tenants.models import TenantRecord
from hooksui.transfer.formats.registry import EXPORTS
from hooksui.transfer.planning import snapshot
from hooksui.transfer.progress import Work


def export(tenant: Tenant, record: TenantRecord, form: str) -> Work[dict[str, str]]:
    """All hooks of `tenant` in the format called `form`, as texts by path. Raises ApiError."""
    taken = yield from snapshot.take(tenant, record, with_secrets=lambda hook: True)
    return EXPORTS[form].write(taken.definitions())
