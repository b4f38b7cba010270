"""The Hook Editor."""

import json
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone

from hooksui import catalogue
from hooksui.accounts.permissions import Permission
from hooksui.auth0.errors import ApiError, HookNotFoundError
from hooksui.auth0.shapes import Hook
from hooksui.dashboard.forms import ScriptForm
from hooksui.dashboard.views.page import TenantPage
from hooksui.hooks import saving
from hooksui.hooks.errors import ChangedMeanwhileError
from hooksui.hooks.newlines import newline_of
from hooksui.hooks.scripts import BrokenScriptError
from hooksui.web.errors import Message, message_of
from hooksui.web.responses import failure, wants_json


class HookEditor(TenantPage):
    """Shows a hook's script and saves it, together with the hook's NPM modules."""

    needs: ClassVar = {"GET": Permission.VIEW, "POST": Permission.CHANGE}

    def get(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """The editor with the hook as the tenant has it."""
        try:
            hook = self.workspace.get(hook_id)
        except ApiError as error:
            gone = isinstance(error, HookNotFoundError)
            message = message_of(error, self.tenant)
            return self.page("dashboard/no_hook.html", message, gone=gone)
        newline = "crlf" if newline_of(hook.script) == "\r\n" else "lf"
        initial = {"script": hook.script, "base": saving.fingerprint(hook), "newline": newline}
        return self._editor(ScriptForm(initial=initial | {"modules": json.dumps(hook.dependencies)}), hook)

    def post(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """Save script and modules. People get the editor again.

        Scripts get `{"saved", "base", "at", "message", "name"}`, or the error with, where another admin was faster, the
        version of the tenant as `{"theirs": {"script", "modules", "base", "name"}}`. An enabled hook takes a script
        that cannot run only with `confirmed` among the fields.
        """
        form = ScriptForm(request.POST)
        hook = Hook(hook_id, request.POST.get("name") or hook_id, request.POST.get("trigger", ""))
        if not form.is_valid():
            text = " ".join(str(error) for errors in form.errors.values() for error in errors)
            return self._not_saved(form, hook, Message(400, "invalid", text))
        cleaned = form.cleaned_data
        try:
            saved = saving.save_hook(
                self.workspace,
                hook_id,
                base=cleaned["base"],
                script=cleaned["script"],
                modules=cleaned["modules"],
                confirmed="confirmed" in request.POST,
            )
        except ChangedMeanwhileError as conflict:
            text = self.conflict_text(conflict) + " Compare both versions and choose."
            return self._not_saved(form, hook, Message(409, "conflict", text), conflict.theirs)
        except BrokenScriptError as error:
            return self._not_saved(form, hook, self.question(error, "saved"))
        except ApiError as error:
            return self._not_saved(form, hook, message_of(error, self.tenant, hook=hook.name, typed=True))
        return self._saved(saved)

    def _saved(self, saved: saving.Saved) -> HttpResponse:
        now = timezone.now()
        said = "" if saved.changed else "Nothing has changed since the last save."
        if saved.looked_up:
            said = f"Saved. {self.tenant.host} did not answer properly, so we checked: it was done."
        if wants_json(self.request):
            base = saving.fingerprint(saved.hook)
            answer = {"saved": saved.changed, "base": base, "at": now, "message": said}
            return JsonResponse(answer | {"name": saved.hook.name})
        messages.success(self.request, said or f"Saved at {now:%H:%M} UTC.")
        return redirect("dashboard:editor", slug=self.tenant.slug, hook_id=saved.hook.id)

    def _not_saved(self, form: ScriptForm, hook: Hook, message: Message, theirs: Hook | None = None) -> HttpResponse:
        if not wants_json(self.request):
            return self._editor(form, hook, message, theirs=theirs)
        if not theirs:
            return failure(self.request, message.status, message.text, kind=message.kind, seconds=message.seconds)
        version = {"script": theirs.script, "modules": theirs.dependencies, "name": theirs.name}
        error = {"message": message.text, "kind": message.kind}
        answer = {"error": error, "theirs": version | {"base": saving.fingerprint(theirs)}}
        return JsonResponse(answer, status=message.status)

    def _editor(
        self, form: ScriptForm, hook: Hook, message: Message | None = None, theirs: Hook | None = None
    ) -> HttpResponse:
        point = catalogue.points().get(hook.trigger)
        context: dict[str, Any] = {"form": form, "hook": hook, "point": point}
        context |= {"runner": settings.RUNNER_ENABLED and point, "runner_hosts": ", ".join(settings.RUNNER_ALLOW_NET)}
        context |= {"theirs": theirs, "theirs_base": saving.fingerprint(theirs) if theirs else ""}
        context["api_origin"] = settings.SITE_URL if self.tenant.is_local else self.tenant.origin
        return self.page("dashboard/editor.html", message, **context)
