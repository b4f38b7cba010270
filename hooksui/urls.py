"""All addresses: a line for each room."""

from django.urls import URLResolver, path
from django.urls.resolvers import RoutePattern

from hooksui.web import views


def _room(prefix: str, name: str) -> URLResolver:
    """The addresses of the room `name` below `prefix`.

    Unlike `include`, this imports the room when the first address below is asked for: neither start nor health check
    waits for the libraries behind all pages.
    """
    return URLResolver(RoutePattern(prefix), f"hooksui.{name}.urls", app_name=name, namespace=name)


urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("tenants.css", views.tenant_colors, name="tenant-colors"),
    _room("accounts/", "accounts"),
    _room("t/<slug:slug>/", "dashboard"),
    _room("", "embedded"),
]

handler400 = "hooksui.web.views.bad_request"
handler403 = "hooksui.web.views.not_permitted"
handler404 = "hooksui.web.views.not_found"
handler500 = "hooksui.web.views.own_fault"
