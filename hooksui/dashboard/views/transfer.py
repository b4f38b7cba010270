"""Hooks in and out: export, import by way of a plan, copies between tenants, two tenants side by side."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from hooksui.auth0.errors import ServiceError
from hooksui.dashboard.forms import CopyForm, ExportForm, ImportForm, PlanForm, faults_of
from hooksui.dashboard.views.page import TenantPage
from hooksui.dashboard.views.work import File, Go, WorkPage
from hooksui.service import operations
from hooksui.tenants.access import get_tenant
from hooksui.tenants.config import Tenant
from hooksui.tenants.state import last_known_hooks, record_of
from hooksui.transfer import comparing, exporting, files, imports, snapshot, wording
from hooksui.transfer.definition import Unreadable
from hooksui.transfer.models import Import
from hooksui.transfer.work import Work, finish
from hooksui.web.errors import Message, message_of


class HookExport(WorkPage):
    """All hooks of the tenant as a zip."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The choice of a format."""
        return self._form(ExportForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """The zip."""
        form = ExportForm(request.POST)
        if not form.is_valid():
            return self._form(form, status=400)
        return self.answer(self._export(form.cleaned_data["format"]))

    def refused(self, message: Message) -> HttpResponse:
        """The choice again, with `message`."""
        return self._form(ExportForm(self.request.POST), message)

    def _export(self, form: str) -> Work[Go | File]:
        texts = yield from exporting.export(self.tenant, self.record, form)
        return File(f"hooks-of-{self.tenant.slug}-{form}.zip", files.to_zip(texts))

    def _form(self, form: ExportForm, message: Message | None = None, status: int = 200) -> HttpResponse:
        return self.page("dashboard/transfer/export.html", message, status=status, form=form)


class HookImport(WorkPage):
    """The choice of files to import."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form; other ways in are beside it."""
        return self._form(ImportForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Read what was sent, look at the tenant, go to the plan."""
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.answer(_refusing(form))
        return self.answer(self._start(form))

    def refused(self, message: Message) -> HttpResponse:
        """The form again, with `message`."""
        return self._form(ImportForm(), message)

    def _start(self, form: ImportForm) -> Work[Go | File]:
        texts = files.from_uploads(form.cleaned_data["files"])
        imported = imports.start(self.tenant, self.request.user.get_username(), form.source, texts)
        found = imports.read(imported)
        if not found.formats and not found.unreadable:
            imported.delete()
            raise Unreadable(form.source, "It has no hooks in a format that is known.")
        try:
            yield from imports.look(self.tenant, self.record, imported)
        except ServiceError:
            # The person still has the files.
            imported.delete()
            raise
        return Go(reverse("dashboard:plan", args=[self.tenant.slug, imported.id]))

    def _form(self, form: ImportForm, message: Message | None = None) -> HttpResponse:
        return self.page("dashboard/transfer/import.html", message, form=form, others=_other_tenants(self.tenant))


class HookCopy(WorkPage):
    """Copies hooks of this tenant into another one."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Which hooks, and where to; `?hook=` names those to begin with, `?to=` the tenant."""
        return self._form()

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Read the hooks here, look at the other tenant, go to the plan there."""
        form = CopyForm(request.POST, others=[other.slug for other in _other_tenants(self.tenant)])
        if not form.is_valid():
            return self.answer(_refusing(form))
        return self.answer(self._copy(get_tenant(form.cleaned_data["to"]), set(form.cleaned_data["hook"])))

    def refused(self, message: Message) -> HttpResponse:
        """The form again, with `message`."""
        return self._form(message)

    def _copy(self, target: Tenant, hook_ids: set[str]) -> Work[Go | File]:
        username = self.request.user.get_username()
        imported = yield from imports.copy(self.tenant, self.record, hook_ids, target, username)
        # What the other tenant does not answer can be asked again on the page of the plan.
        address = reverse("dashboard:plan", args=[target.slug, imported.id])
        try:
            yield from imports.look(target, record_of(target), imported)
        except ServiceError:
            return Go(address)
        return Go(address)

    def _form(self, message: Message | None = None) -> HttpResponse:
        hooks = last_known_hooks(self.record)
        try:
            hooks = operations.list_hooks(self.tenant, self.record)
        except ServiceError as error:
            message = message or message_of(error, self.tenant)
        asked = {**self.request.GET, **self.request.POST}
        chosen = {hook.id for hook in hooks} & set(asked.get("hook", [])) or {hook.id for hook in hooks}
        context: dict[str, Any] = {
            "hooks": sorted(hooks, key=lambda hook: hook.name),
            "chosen": chosen,
            "to": asked.get("to", [""])[0],
        }
        return self.page("dashboard/transfer/copy.html", message, others=_other_tenants(self.tenant), **context)


class HookPlan(WorkPage):
    """The plan of an import, what was typed for it, and what came of it."""

    imported: Import

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer the request. Raises Http404 where there is no such import of this tenant, or not any more."""
        imported = Import.objects.filter(pk=kwargs.pop("import_id"), tenant=kwargs["slug"]).first()
        if imported is None:
            raise Http404
        self.imported = imported
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page. It costs no call: it shows the tenant as it was at the last look."""
        return self._plan()

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """`action`: `plan` keeps what was typed and looks again, `apply` carries the plan out, `discard` forgets it."""
        action = request.POST.get("action")
        if action == "discard":
            self.imported.delete()
            messages.success(request, "The import was discarded. Nothing was changed by that.")
            return redirect("dashboard:list", slug=self.tenant.slug)
        form = PlanForm(request.POST)
        if not form.is_valid():
            return self.answer(_refusing(form))
        cleaned = form.cleaned_data
        changed = imports.fill(self.imported, cleaned["keywords"], cleaned["secrets"], deleting=cleaned["deleting"])
        if action == "apply" and not changed:
            return self.answer(self._apply(cleaned["seen"]))
        if action == "apply":
            # Here, since messages travel with the head of an answer.
            messages.warning(request, "What you typed makes another plan. Look at it, then apply it.")
        return self.answer(self._look())

    def refused(self, message: Message) -> HttpResponse:
        """The page with `message`; what was typed is kept."""
        return self._plan(message)

    def _look(self) -> Work[Go | File]:
        yield from imports.look(self.tenant, self.record, self.imported)
        return self._here()

    def _apply(self, seen: str) -> Work[Go | File]:
        yield from imports.apply(self.tenant, self.record, self.imported, seen)
        return self._here()

    def _here(self) -> Go:
        return Go(reverse("dashboard:plan", args=[self.tenant.slug, self.imported.id]))

    def _plan(self, message: Message | None = None) -> HttpResponse:
        planned = imports.planned(self.imported)
        values = imports.values_of(self.imported)
        found = planned.reading if planned else imports.read(self.imported)
        context = {
            "imported": self.imported,
            "planned": planned,
            "found": found,
            "groups": wording.groups(planned.plan) if planned else [],
            "given": values,
            "secrets": wording.asked_secrets(planned.plan, values["secrets"]) if planned else [],
            "outcome": self.imported.outcome,
        }
        return self.page("dashboard/transfer/plan.html", message, **context)


class TenantCompare(TenantPage):
    """This tenant's hooks beside those of another one."""

    template = "dashboard/transfer/compare.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The choice of a tenant; with `?with=` what differs."""
        others = _other_tenants(self.tenant)
        other = next((other for other in others if other.slug == request.GET.get("with")), None)
        context: dict[str, Any] = {"others": others, "other": other}
        if other is None:
            return self.page(self.template, **context)
        hooks = []
        for tenant, record in ((self.tenant, self.record), (other, record_of(other))):
            try:
                hooks.append(finish(snapshot.take(tenant, record, lambda hook: False)).hooks)
            except ServiceError as error:
                return self.page(self.template, message_of(error, tenant), **context)
        pairs = comparing.compare(*hooks)
        context |= {"pairs": wording.compared(pairs), "same": sum(pair.same for pair in pairs)}
        return self.page(self.template, **context)


def _other_tenants(tenant: Tenant) -> list[Tenant]:
    return [other for other in settings.TENANTS.values() if other.slug != tenant.slug]


def _refusing(form: Form) -> Work[Go | File]:
    """Work that does nothing but fail with the faults of `form`, so that they are told as any other."""
    yield from ()
    raise Unreadable("", faults_of(form))
