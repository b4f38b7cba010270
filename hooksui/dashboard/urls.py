"""Addresses of the pages about one tenant's hooks, below /t/<tenant>/."""

from django.urls import path, register_converter
from django.views.generic import RedirectView

from hooksui.auth0.shapes import HOOK_ID
from hooksui.dashboard.views import hooks


class HookIdConverter:
    """A hook's id in an address."""

    regex = HOOK_ID

    def to_python(self, value: str) -> str:
        """The id as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """The id as it stands."""
        return value


register_converter(HookIdConverter, "hook_id")

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="dashboard:list")),
    path("hooks/", hooks.HookList.as_view(), name="list"),
    path("hooks/create/", hooks.HookCreate.as_view(), name="create"),
    path("hooks/<hook_id:hook_id>/", hooks.HookEditor.as_view(), name="editor"),
]
