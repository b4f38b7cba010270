"""Pages about hooks: the list, the create form, and what a row's menu does: rename, delete."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from hooksui import catalogue
from hooksui.accounts.permissions import Permission
from hooksui.auth0.errors import ApiError, HookNotFoundError, NameTakenError, RefusedError
from hooksui.auth0.shapes import Hook
from hooksui.dashboard.forms import DeleteForm, HookForm, RenameForm
from hooksui.dashboard.sections import sections_of
from hooksui.dashboard.views.page import TenantPage
from hooksui.hooks.creating import create_hook
from hooksui.hooks.scripts import BrokenScriptError
from hooksui.tenants.state import last_known_hooks
from hooksui.web.errors import Message, message_of


class ListPage(TenantPage):
    """A page that shows the list, or may come to show it."""

    def list_page(self, message: Message | None = None) -> HttpResponse:
        """All hooks by extensibility point, the last known ones where the tenant does not answer.

        `message` is a failure to say above them; its status is the page's.
        """
        try:
            hooks = self.workspace.all()
            stale = False
        except ApiError as error:
            hooks, stale = last_known_hooks(self.record), True
            message = message or message_of(error, self.tenant)
        context: dict[str, Any] = {"sections": sections_of(hooks), "total": len(hooks), "stale": stale}
        context["enabled"] = sum(hook.enabled for hook in hooks)
        return self.page("dashboard/hook_list.html", message, **context)

    def looked(self, looked_up: bool) -> str:
        """The sentence behind a success that is known only by a look afterwards; "" behind any other."""
        return f" {self.tenant.host} did not answer properly, so we checked: it was done." if looked_up else ""

    def gone(self, error: ApiError, hook: str) -> HttpResponse:
        """The list, with the word that the hook called `hook` is no longer there or cannot be had."""
        return self.list_page(message_of(error, self.tenant, hook=hook))

    def done(self, text: str, *, looked_up: bool = False) -> HttpResponse:
        """Back to the list, which says `text`, and whether that had to be `looked_up`."""
        messages.success(self.request, text + self.looked(looked_up))
        return redirect("dashboard:list", slug=self.tenant.slug)


class HookList(ListPage):
    """All hooks of the tenant by extensibility point."""

    needs: ClassVar = {"GET": Permission.VIEW}

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; its status is that of the failure, if there is one."""
        return self.list_page()


class HookCreate(TenantPage):
    """The form for a new hook."""

    needs: ClassVar = {"GET": Permission.CHANGE, "POST": Permission.CHANGE}

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
        """Create the hook and open it. With `prefill` among the fields: the form, filled with what is sent.

        The first hook of a point starts enabled: one that cannot run is made only with `confirmed` among the fields.
        """
        if "prefill" in request.POST:
            return self._form(HookForm(initial=request.POST.dict()))
        form = HookForm(request.POST)
        if not form.is_valid():
            return self._form(form)
        try:
            created = create_hook(
                self.workspace,
                form.cleaned_data["name"],
                form.cleaned_data["trigger"],
                form.cleaned_data["script"],
                confirmed="confirmed" in request.POST,
            )
        except BrokenScriptError as error:
            return self._form(form, self.question(error, "created"))
        except ApiError as error:
            return self._refused(form, error)
        name = created.value.name
        if created.looked_up:
            messages.success(request, f"{self.tenant.host} did not answer properly. We checked: {name} exists now.")
        else:
            messages.success(request, f"Created {name}.")
        return redirect(reverse("dashboard:editor", args=[self.tenant.slug, created.value.id]) + "#new")

    def _refused(self, form: HookForm, error: ApiError) -> HttpResponse:
        message = message_of(error, self.tenant, hook=form.cleaned_data["name"], typed=True)
        if isinstance(error, NameTakenError):
            form.add_error("name", message.text)
            return self._form(form, status=message.status)
        if isinstance(error, RefusedError) and "on property name" in error.remote:
            form.add_error("name", f"{self.tenant.slug} refused this name: {error.remote}")
            return self._form(form)
        return self._form(form, message)

    def _form(self, form: HookForm, message: Message | None = None, status: int = 400) -> HttpResponse:
        """The form. What it says of each point comes from the tenant; of a form that was sent, from the last list."""
        hooks = last_known_hooks(self.record) if self.record.hooks_seen_at else None
        if not form.is_bound:
            status = 200
            try:
                hooks = self.workspace.all()
            except ApiError as error:
                message = message_of(error, self.tenant)
        sections = sections_of(hooks or [])
        points = [(section.point, "" if hooks is None else section.start_of_new) for section in sections]
        taken = [hook.name for hook in hooks or []]
        context = {"form": form, "points": points, "taken": taken, "limits": catalogue.limits()}
        return self.page("dashboard/create.html", message, status=status, **context)


class HookRename(ListPage):
    """The form that gives a hook another name."""

    needs: ClassVar = {"GET": Permission.CHANGE, "POST": Permission.CHANGE}

    def get(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """The form, filled with the name that the hook has."""
        try:
            hook = self.workspace.to_speak_of(hook_id)
        except ApiError as error:
            return self.gone(error, "This hook")
        return self._form(self._new_form(hook), hook, status=200)

    def post(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """Rename the hook, unless the name is as before."""
        try:
            hook = self.workspace.to_speak_of(hook_id)
        except ApiError as error:
            return self.gone(error, "This hook")
        form = self._new_form(hook, request.POST)
        if not form.is_valid():
            return self._form(form, hook)
        name = form.cleaned_data["name"]
        if name == hook.name:
            return self.done(f"{name} already has this name. Nothing was changed.")
        try:
            renamed = self.workspace.rename(hook, name)
        except HookNotFoundError as error:
            return self.gone(error, hook.name)
        except NameTakenError as error:
            form.add_error("name", message_of(error, self.tenant, hook=name).text)
            return self._form(form, hook, status=409)
        except RefusedError as error:
            form.add_error("name", f"{self.tenant.slug} refused this name: {error.remote}")
            return self._form(form, hook)
        except ApiError as error:
            return self._form(form, hook, message_of(error, self.tenant, hook=hook.name, typed=True))
        return self.done(f"Renamed {hook.name} to {renamed.value.name}.", looked_up=renamed.looked_up)

    def _new_form(self, hook: Hook, data: QueryDict | None = None) -> RenameForm:
        return RenameForm(data, hook=hook, others=last_known_hooks(self.record), tenant=self.tenant.slug)

    def _form(self, form: RenameForm, hook: Hook, message: Message | None = None, status: int = 400) -> HttpResponse:
        taken = [other.name for other in last_known_hooks(self.record)]
        context = {"form": form, "hook": hook, "taken": taken, "limits": catalogue.limits()}
        return self.page("dashboard/rename.html", message, status=status, **context)


class HookDelete(ListPage):
    """The form that asks for a hook's name before it deletes the hook."""

    needs: ClassVar = {"GET": Permission.CHANGE, "POST": Permission.CHANGE}

    def get(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """What goes with the hook, and a field for its name."""
        return self._form(hook_id)

    def post(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """Delete the hook if its name was typed."""
        try:
            hook = self.workspace.get(hook_id)
        except ApiError as error:
            return self.gone(error, self._known_name(hook_id))
        form = DeleteForm(request.POST, hook=hook)
        if not form.is_valid():
            return self._form(hook_id, form)
        try:
            deleted = self.workspace.delete(hook)
        except HookNotFoundError as error:
            return self.gone(error, hook.name)
        except ApiError as error:
            return self._form(hook_id, form, message_of(error, self.tenant, hook=hook.name))
        return self.done(f"Deleted {hook.name}.", looked_up=deleted.looked_up)

    def _known_name(self, hook_id: str) -> str:
        known = self.workspace.known(hook_id)
        return known.name if known else "This hook"

    def _form(self, hook_id: str, form: DeleteForm | None = None, message: Message | None = None) -> HttpResponse:
        try:
            hook, secrets = self.workspace.get_with_secret_names(hook_id)
        except ApiError as error:
            return self.gone(error, self._known_name(hook_id))
        point = catalogue.points().get(hook.trigger)
        context = {"hook": hook, "secrets": secrets, "title": point.title if point else hook.trigger}
        status = 400 if form else 200
        return self.page("dashboard/delete.html", message, status=status, form=form or DeleteForm(hook=hook), **context)
