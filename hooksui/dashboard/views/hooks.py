"""Pages about hooks: the list, the create form, the editor."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from hooksui import catalogue
from hooksui.auth0.errors import HookNotFound, NameTaken, Refused, ServiceError
from hooksui.auth0.shapes import Hook
from hooksui.dashboard import operations
from hooksui.dashboard.forms import HookForm, ScriptForm
from hooksui.dashboard.sections import sections_of
from hooksui.dashboard.views.page import TenantPage
from hooksui.tenants.state import last_known_hooks
from hooksui.web.errors import Message, message_of
from hooksui.web.responses import failure, wants_json


class HookList(TenantPage):
    """All hooks of the tenant by extensibility point; the last known ones where the tenant does not answer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; its status is that of the failure, if there is one."""
        message = None
        try:
            hooks = operations.list_hooks(self.tenant, self.record)
        except ServiceError as error:
            hooks, message = last_known_hooks(self.record), message_of(error, self.tenant)
        enabled = sum(hook.enabled for hook in hooks)
        return self.page(
            "dashboard/hook_list.html", message, sections=sections_of(hooks), total=len(hooks), enabled=enabled
        )


class HookCreate(TenantPage):
    """The form for a new hook."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form, with the point that `?trigger=` names."""
        trigger = request.GET.get("trigger", "")
        if not trigger or trigger in catalogue.points():
            return self._form(HookForm(initial={"trigger": trigger}))
        form = HookForm({"trigger": trigger})
        # Nobody has had the chance to enter a name yet.
        form.errors.pop("name", None)
        return self._form(form)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Create the hook and open it. With `prefill` among the fields: the form, filled with what is sent."""
        if "prefill" in request.POST:
            return self._form(HookForm(initial=request.POST.dict()))
        form = HookForm(request.POST)
        if not form.is_valid():
            return self._form(form)
        try:
            created = operations.create_hook(
                self.tenant,
                self.record,
                form.cleaned_data["name"],
                form.cleaned_data["trigger"],
                form.cleaned_data["script"],
            )
        except ServiceError as error:
            return self._refused(form, error)
        name = created.hook.name
        if created.looked_up:
            messages.success(request, f"{self.tenant.host} did not answer in time. We looked: {name} exists now.")
        else:
            messages.success(request, f"Created {name}.")
        return redirect(reverse("dashboard:editor", args=[self.tenant.slug, created.hook.id]) + "#new")

    def _refused(self, form: HookForm, error: ServiceError) -> HttpResponse:
        message = message_of(error, self.tenant, hook=form.cleaned_data["name"], typed=True)
        if isinstance(error, NameTaken):
            form.add_error("name", message.text)
            return self._form(form, status=message.status)
        if isinstance(error, Refused) and "on property name" in error.remote:
            form.add_error("name", f"{self.tenant.slug} refused this name: {error.remote}")
            return self._form(form)
        return self._form(form, message)

    def _form(self, form: HookForm, message: Message | None = None, status: int = 400) -> HttpResponse:
        """The form. What it says of each point comes from the tenant; of a form that was sent, from the last list."""
        hooks = last_known_hooks(self.record) if self.record.hooks_seen_at else None
        if not form.is_bound:
            status = 200
            try:
                hooks = operations.list_hooks(self.tenant, self.record)
            except ServiceError as error:
                message = message_of(error, self.tenant)
        sections = sections_of(hooks or [])
        points = [(section.point, "" if hooks is None else section.start_of_new) for section in sections]
        return self.page("dashboard/create.html", message, status=status, form=form, points=points)


class HookEditor(TenantPage):
    """The Hook Editor: shows a hook's script and saves it."""

    def get(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """The editor with the hook as the tenant has it."""
        try:
            hook = operations.get_hook(self.tenant, self.record, hook_id)
        except ServiceError as error:
            gone = isinstance(error, HookNotFound)
            message = message_of(error, self.tenant)
            return self.page("dashboard/no_hook.html", message, gone=gone)
        newline = "crlf" if operations.newline_of(hook.script) == "\r\n" else "lf"
        form = ScriptForm(
            initial={"script": hook.script, "base": operations.fingerprint(hook.script), "newline": newline}
        )
        return self._editor(form, hook)

    def post(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """Save the script. To scripts: `{"saved", "base", "at", "message"}`; to people: the editor again."""
        form = ScriptForm(request.POST)
        hook = Hook(hook_id, request.POST.get("name") or hook_id, request.POST.get("trigger", ""))
        if not form.is_valid():
            text = " ".join(str(error) for errors in form.errors.values() for error in errors)
            return self._not_saved(form, hook, Message(400, "invalid", text))
        if not form.cleaned_data["changed"]:
            return self._saved(form, hook, "Nothing has changed since the last save.")
        try:
            operations.save_script(self.tenant, self.record, hook_id, form.cleaned_data["script"])
        except ServiceError as error:
            return self._not_saved(form, hook, message_of(error, self.tenant, hook=hook.name, typed=True))
        return self._saved(form, hook, "")

    def _saved(self, form: ScriptForm, hook: Hook, nothing_to_do: str) -> HttpResponse:
        now = timezone.now()
        if wants_json(self.request):
            base = operations.fingerprint(form.cleaned_data["script"])
            return JsonResponse({"saved": not nothing_to_do, "base": base, "at": now, "message": nothing_to_do})
        messages.success(self.request, nothing_to_do or f"Saved at {now:%H:%M} UTC.")
        return redirect("dashboard:editor", slug=self.tenant.slug, hook_id=hook.id)

    def _not_saved(self, form: ScriptForm, hook: Hook, message: Message) -> HttpResponse:
        if wants_json(self.request):
            return failure(self.request, message.status, message.text, kind=message.kind, seconds=message.seconds)
        return self._editor(form, hook, message)

    def _editor(self, form: ScriptForm, hook: Hook, message: Message | None = None) -> HttpResponse:
        context: dict[str, Any] = {"form": form, "hook": hook, "point": catalogue.points().get(hook.trigger)}
        return self.page("dashboard/editor.html", message, **context)
