"""What the header and the footer of every page show."""

import hashlib

from django.http import HttpRequest
from django.urls import reverse

from hooksui import __version__
from hooksui.accounts.permissions import Permission
from hooksui.tenants.access import tenants_for
from hooksui.tenants.state import states


def tenants(request: HttpRequest) -> dict[str, object]:
    """The tenants that the person may view, as `(tenant, state)`, and the address of their colours, "" for none.

    The states are looked up where a page shows several tenants. Strangers learn nothing of tenants.
    """
    viewed = tenants_for(request.user, Permission.VIEW)
    known = states() if len(viewed) > 1 else {}
    # The address changes with what is behind it, so that browsers may keep it.
    told = " ".join(f"{tenant.slug} {tenant.color}" for tenant in viewed if tenant.color)
    version = hashlib.sha256(told.encode()).hexdigest()[:12]
    return {
        "tenants": [(tenant, known.get(tenant.slug, "")) for tenant in viewed],
        "tenant_colors": f"{reverse('tenant-colors')}?v={version}" if told else "",
    }


def version(request: HttpRequest) -> dict[str, object]:
    """The version of this dashboard."""
    return {"version": __version__}
