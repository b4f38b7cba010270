"""Pages about the secrets of a hook. Values go in and never come out again, not even of a form that was refused."""

from dataclasses import replace
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect

from hooksui import catalogue
from hooksui.accounts.permissions import Permission
from hooksui.auth0.errors import ApiError, HookNotFoundError, SecretExistsError, SecretNotFoundError
from hooksui.auth0.shapes import Hook
from hooksui.dashboard.forms import SecretForm, SecretLinesForm
from hooksui.dashboard.views.hooks import ListPage
from hooksui.web.errors import Message, message_of
from hooksui.web.responses import failure, wants_json


class SecretsPage(ListPage):
    """What pages about the secrets of one hook share."""

    hook: Hook
    names: list[str]

    def find(self, hook_id: str) -> None:
        """Look up the hook, at least its name, and the names of its secrets. Raises ApiError."""
        known = self.workspace.known(hook_id)
        self.hook = known or Hook(hook_id, "This hook", "")
        if known:
            self.names = self.workspace.secret_names(hook_id)
        else:
            self.hook, self.names = self.workspace.get_with_secret_names(hook_id)

    def missing(self, error: ApiError) -> HttpResponse:
        """The answer where the hook or its secrets cannot be had."""
        message = message_of(error, self.tenant, hook=self.hook.name)
        if wants_json(self.request) or self.request.method == "POST":
            # A form of this page would need what could not be had; this one shows the name that was typed.
            return failure(
                self.request, message.status, message.text, kind=message.kind, title="Secrets", seconds=message.seconds
            )
        if isinstance(error, HookNotFoundError):
            return self.list_page(message)
        return self.page("dashboard/no_hook.html", message, gone=False)

    def to_secrets(self, text: str, *, looked_up: bool = False) -> HttpResponse:
        """Back to the hook's secrets, which say `text`, and whether that had to be `looked_up`."""
        messages.success(self.request, text + self.looked(looked_up))
        return redirect("dashboard:secrets", slug=self.tenant.slug, hook_id=self.hook.id)


class HookSecrets(SecretsPage):
    """The names of a hook's secrets, with forms to add some and to change one."""

    needs: ClassVar = {"GET": Permission.VIEW, "POST": Permission.CHANGE}

    def get(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """The page; with `?change=` the form for a new value of that secret. To scripts: `{"names": [...]}`."""
        try:
            self.find(hook_id)
        except ApiError as error:
            return self.missing(error)
        if wants_json(request):
            return JsonResponse({"names": self.names})
        changing = request.GET.get("change", "")
        return self._secrets(SecretForm(names=self.names, changing=changing if changing in self.names else ""))

    def post(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """Add one secret (`action` is `add`), several (`lines`), or change one (`update`)."""
        try:
            self.find(hook_id)
        except ApiError as error:
            return self.missing(error)
        action = request.POST.get("action")
        if action == "lines":
            return self._add_lines(SecretLinesForm(request.POST, names=self.names))
        if action == "update":
            return self._update(request.POST.get("key", ""))
        return self._add(SecretForm(request.POST, names=self.names))

    def _add(self, form: SecretForm) -> HttpResponse:
        if not form.is_valid():
            return self._secrets(form, status=400)
        key = form.cleaned_data["key"]
        try:
            done = self.workspace.add_secrets(self.hook, {key: form.cleaned_data["value"]})
        except SecretExistsError as error:
            self.names.append(key)  # somebody else has added it meanwhile
            form.add_error("key", message_of(error, self.tenant, key=key).text)
            return self._secrets(form, status=409)
        except ApiError as error:
            return self._secrets(form, message=self._said(error, key, form.cleaned_data["value"]))
        return self.to_secrets("Added 1 secret.", looked_up=done.looked_up)

    def _update(self, key: str) -> HttpResponse:
        form = SecretForm(self.request.POST, names=self.names, changing=key)
        if key not in self.names:
            return self._secrets(SecretForm(names=self.names), message=self._said(SecretNotFoundError(status=404), key))
        if not form.is_valid():
            return self._secrets(form, status=400)
        try:
            done = self.workspace.change_secrets(self.hook, {key: form.cleaned_data["value"]})
        except ApiError as error:
            return self._secrets(form, message=self._said(error, key, form.cleaned_data["value"]))
        return self.to_secrets(f"Updated {key}.", looked_up=done.looked_up)

    def _add_lines(self, lines: SecretLinesForm) -> HttpResponse:
        form = SecretForm(names=self.names)
        if not lines.is_valid():
            return self._secrets(form, lines, status=400)
        values = lines.cleaned_data["lines"]
        try:
            done = self.workspace.add_secrets(self.hook, values)
        except ApiError as error:
            return self._secrets(form, lines, message=self._said(error, "One of them", *values.values()))
        said = "Added 1 secret." if len(values) == 1 else f"Added {len(values)} secrets."
        return self.to_secrets(said, looked_up=done.looked_up)

    def _said(self, error: ApiError, key: str, *values: str) -> Message:
        """The message for `error`, without `values`: the API may repeat in its own what it was sent."""
        message = message_of(error, self.tenant, hook=self.hook.name, key=key, typed=True)
        text = message.text
        for value in values:
            text = text.replace(value, "…")
        return replace(message, text=text)

    def _secrets(
        self,
        form: SecretForm,
        lines: SecretLinesForm | None = None,
        *,
        message: Message | None = None,
        status: int = 200,
    ) -> HttpResponse:
        context = {"hook_id": self.hook.id, "hook_name": self.hook.name, "names": self.names, "form": form}
        context |= {"lines": lines or SecretLinesForm(names=self.names), "limits": catalogue.limits()}
        return self.page("dashboard/secrets.html", message, status=status, **context)


class SecretRemove(SecretsPage):
    """The page that asks before it removes a secret."""

    needs: ClassVar = {"GET": Permission.CHANGE, "POST": Permission.CHANGE}

    def get(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """What removing `?key=` means."""
        try:
            self.find(hook_id)
        except ApiError as error:
            return self.missing(error)
        return self._confirm(request.GET.get("key", ""))

    def post(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """Remove the secret `key`; one that is gone already is no error."""
        key = request.POST.get("key", "")
        try:
            self.find(hook_id)
        except ApiError as error:
            return self.missing(error)
        try:
            done = self.workspace.remove_secrets(self.hook, [key])
        except HookNotFoundError as error:
            return self.missing(error)
        except ApiError as error:
            return self._confirm(key, message_of(error, self.tenant, hook=self.hook.name))
        return self.to_secrets(f"Removed {key}.", looked_up=done.looked_up)

    def _confirm(self, key: str, message: Message | None = None) -> HttpResponse:
        if key not in self.names:
            return self.to_secrets(f"{self.hook.name} has no secret {key}. Nothing was changed.")
        context: dict[str, Any] = {"hook_id": self.hook.id, "hook_name": self.hook.name, "key": key}
        return self.page("dashboard/secret_remove.html", message, **context)
