"""The NPM modules of a hook as a page of their own. In the editor they are part of what Save sends."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from hooksui import catalogue
from hooksui.accounts.permissions import Permission
from hooksui.auth0.errors import ApiError, HookNotFoundError
from hooksui.auth0.shapes import Hook
from hooksui.dashboard.forms import ModuleForm
from hooksui.dashboard.views.hooks import ListPage
from hooksui.hooks import saving
from hooksui.hooks.errors import ChangedMeanwhileError
from hooksui.web.errors import Message, message_of
from hooksui.web.responses import failure, wants_json


class HookModules(ListPage):
    """Lists a hook's modules, adds, changes and removes one at a time; checks one for the editor."""

    needs: ClassVar = {"GET": Permission.VIEW, "POST": Permission.CHANGE}

    def get(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """The page; with `?change=` the form for that module."""
        try:
            hook = self.workspace.get(hook_id)
        except ApiError as error:
            return self._missing(error)
        changing = request.GET.get("change", "")
        if changing in hook.dependencies:
            form = ModuleForm(initial={"name": changing, "version": hook.dependencies[changing]})
            return self._modules(hook, form, changing)
        return self._modules(hook, ModuleForm())

    def post(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """Save the modules with one added, changed or removed (`action`) over the version `base`.

        To scripts, `action` being `check`: `{"name", "version"}` as they would be saved, or `{"errors"}` by field.
        """
        form = ModuleForm(request.POST)
        action, changing = request.POST.get("action"), request.POST.get("changing", "")
        if wants_json(request):
            return _checked(form)
        try:
            hook = self.workspace.get(hook_id)
        except ApiError as error:
            return self._missing(error)
        modules = dict(hook.dependencies)
        if action == "remove":
            name = request.POST.get("name", "")
            said = f"Removed {name}." if name in modules else f"{name} is no longer in the list."
            modules.pop(name, None)
        elif not form.is_valid():
            return self._modules(hook, form, changing, status=400)
        else:
            name = form.cleaned_data["name"]
            if name != changing and name in modules:
                form.add_error("name", f"{name} is already in the list.")
                return self._modules(hook, form, changing, status=400)
            if name not in modules and len(modules) >= (most := catalogue.limits().modules_per_hook):
                form.add_error("name", f"A hook can have {most} NPM modules. Remove one first.")
                return self._modules(hook, form, changing, status=400)
            modules.pop(changing, None)
            modules[name] = form.cleaned_data["version"]
            said = f"Changed {name}." if changing else f"Added {name}."
        base = request.POST.get("base", "")
        try:
            saved = saving.save_hook(self.workspace, hook_id, base=base, script=None, modules=modules)
        except ChangedMeanwhileError as conflict:
            text = self.conflict_text(conflict)
            text += " The list is up to date now; try again if you still want this."
            message = Message(409, "conflict", text)
            return self._modules(conflict.theirs, form, message=message)
        except ApiError as error:
            message = message_of(error, self.tenant, hook=hook.name, typed=True)
            return self._modules(hook, form, changing, message=message)
        messages.success(request, said + self.looked(saved.looked_up))
        return redirect("dashboard:modules", slug=self.tenant.slug, hook_id=hook_id)

    def _missing(self, error: ApiError) -> HttpResponse:
        message = message_of(error, self.tenant)
        if self.request.method == "POST":
            # A form of this page would need what could not be had; this one shows what was typed.
            return failure(
                self.request,
                message.status,
                message.text,
                kind=message.kind,
                title="NPM Modules",
                seconds=message.seconds,
            )
        if isinstance(error, HookNotFoundError):
            return self.list_page(message)
        return self.page("dashboard/no_hook.html", message, gone=False)

    def _modules(
        self, hook: Hook, form: ModuleForm, changing: str = "", *, message: Message | None = None, status: int = 200
    ) -> HttpResponse:
        context: dict[str, Any] = {"hook": hook, "form": form, "changing": changing, "base": saving.fingerprint(hook)}
        context["modules"] = sorted(hook.dependencies.items())
        return self.page("dashboard/modules.html", message, status=status, **context)


def _checked(form: ModuleForm) -> JsonResponse:
    if form.is_valid():
        return JsonResponse(form.cleaned_data)
    return JsonResponse({"errors": {field: errors[0] for field, errors in form.errors.items()}}, status=400)
