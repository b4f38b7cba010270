"""What the header of every page shows."""

from django.conf import settings
from django.http import HttpRequest


def tenants(request: HttpRequest) -> dict[str, list[str]]:
    """The slugs of all configured tenants."""
    return {"tenants": list(settings.TENANTS)}
