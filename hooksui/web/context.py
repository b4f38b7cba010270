"""What the header and the footer of every page show."""

import hashlib

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from hooksui import __version__
from hooksui.tenants.config import Tenant
from hooksui.tenants.state import states


def tenants(request: HttpRequest) -> dict[str, object]:
    """All configured tenants, as `(tenant, state)`, and the address of their colours, "" where none has one.

    The states are looked up where a page shows several tenants. Strangers learn nothing of tenants.
    """
    signed_in = request.user.is_authenticated
    configured: dict[str, Tenant] = settings.TENANTS
    known = states() if len(configured) > 1 and signed_in else {}
    # The address changes with what is behind it, so that browsers may keep it.
    told = " ".join(f"{slug} {tenant.color}" for slug, tenant in configured.items() if tenant.color)
    version = hashlib.sha256(told.encode()).hexdigest()[:12]
    return {
        "tenants": [(tenant, known.get(slug, "")) for slug, tenant in configured.items()],
        "tenant_colors": f"{reverse('tenant-colors')}?v={version}" if told and signed_in else "",
    }


def version(request: HttpRequest) -> dict[str, object]:
    """The version of this dashboard."""
    return {"version": __version__}
