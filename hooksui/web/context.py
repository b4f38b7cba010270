"""What the header of every page shows."""

from django.conf import settings
from django.http import HttpRequest

from hooksui.tenants.state import states


def tenants(request: HttpRequest) -> dict[str, object]:
    """All configured tenants, as `(slug, state)`; the states are looked up where a page shows several tenants."""
    several = len(settings.TENANTS) > 1 and request.user.is_authenticated
    known = states() if several else {}
    return {"tenants": [(slug, known.get(slug, "")) for slug in settings.TENANTS]}
