"""Addresses of the pages about one tenant's hooks, below /t/<tenant>/."""

from django.urls import path, register_converter
from django.views.generic import RedirectView

from hooksui.auth0.shapes import HOOK_ID
from hooksui.dashboard.views import compare, editor, enabled, hooks, modules, runner, secrets, transfer


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
    path("hooks/enabled/", enabled.HookEnabled.as_view(), name="enabled"),
    path("export/", transfer.HookExport.as_view(), name="export"),
    path("import/", transfer.HookImport.as_view(), name="import"),
    path("import/<slug:import_id>/", transfer.HookPlan.as_view(), name="plan"),
    path("copy/", transfer.HookCopy.as_view(), name="copy"),
    path("compare/", compare.TenantCompare.as_view(), name="compare"),
    path("hooks/<hook_id:hook_id>/", editor.HookEditor.as_view(), name="editor"),
    path("hooks/<hook_id:hook_id>/rename/", hooks.HookRename.as_view(), name="rename"),
    path("hooks/<hook_id:hook_id>/delete/", hooks.HookDelete.as_view(), name="delete"),
    path("hooks/<hook_id:hook_id>/secrets/", secrets.HookSecrets.as_view(), name="secrets"),
    path("hooks/<hook_id:hook_id>/secrets/remove/", secrets.SecretRemove.as_view(), name="secret-remove"),
    path("hooks/<hook_id:hook_id>/modules/", modules.HookModules.as_view(), name="modules"),
    path("hooks/<hook_id:hook_id>/run/", runner.HookRun.as_view(), name="run"),
    path("hooks/<hook_id:hook_id>/runs/", runner.HookRuns.as_view(), name="runs"),
    path("hooks/<hook_id:hook_id>/runs/<slug:run_id>/", runner.RunPage.as_view(), name="run-page"),
    path("hooks/<hook_id:hook_id>/runs/<slug:run_id>/stop/", runner.RunStop.as_view(), name="run-stop"),
    path("hooks/<hook_id:hook_id>/payloads/", runner.HookPayloads.as_view(), name="payloads"),
]
