"""Hooks in and out: export, import by way of a plan, copies between tenants."""

from dataclasses import replace
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse

from hooksui.accounts.permissions import Permission
from hooksui.auth0.errors import ApiError
from hooksui.dashboard.forms import CopyForm, ExportForm, ImportForm, PlanForm, faults_of
from hooksui.dashboard.views.work import File, Go, WorkPage
from hooksui.tenants.config import Tenant
from hooksui.tenants.state import last_known_hooks
from hooksui.transfer import exporting, imports
from hooksui.transfer.files import packing
from hooksui.transfer.files.definition import UnreadableError
from hooksui.transfer.formats import sources
from hooksui.transfer.imports import ImportRunningError
from hooksui.transfer.models import Import
from hooksui.transfer.planning import wording
from hooksui.transfer.progress import Work
from hooksui.web.errors import Message, message_of
from hooksui.web.responses import failure

# Keywords, and secrets, for which one page asks. More would make it slow, and too large to be sent (settings.py).
MAX_ASKED = 2_000


class HookExport(WorkPage):
    """All hooks of the tenant as a zip."""

    needs: ClassVar = {"GET": Permission.VIEW, "POST": Permission.VIEW}

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
        texts = yield from exporting.export(self.workspace, form)
        if not any(path.endswith(".js") for path in texts):
            # An empty file would empty a tenant that it is imported into.
            raise UnreadableError("", f"{self.tenant.slug} lists no hooks: there is nothing to export.")
        return File(f"hooks-of-{self.tenant.slug}-{form}.zip", packing.to_zip(texts))

    def _form(self, form: ExportForm, message: Message | None = None, status: int = 200) -> HttpResponse:
        return self.page("dashboard/transfer/export.html", message, status=status, form=form)


class HookImport(WorkPage):
    """The choice of files to import."""

    needs: ClassVar = {"GET": Permission.IMPORT, "POST": Permission.IMPORT}

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form; other ways in are beside it."""
        return self._form(ImportForm())

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Read what was sent, look at the tenant, go to the plan."""
        form = ImportForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.decline(faults_of(form))
        return self.answer(self._start(form))

    def refused(self, message: Message) -> HttpResponse:
        """The form again, with `message`."""
        return self._form(ImportForm(), message)

    def _start(self, form: ImportForm) -> Work[Go | File]:
        texts = sources.from_uploads(form.cleaned_data["files"])
        imported = imports.start(self.tenant, self.request.user.get_username(), form.source, texts)
        found = imports.read(imported)
        if found.nothing:
            imported.delete()
            raise UnreadableError(form.source, f"It {found.nothing}")
        try:
            yield from imports.look(self.workspace, imported)
        except ApiError:
            # The person still has the files.
            imported.delete()
            raise
        return Go(reverse("dashboard:plan", args=[self.tenant.slug, imported.id]))

    def _form(self, form: ImportForm, message: Message | None = None) -> HttpResponse:
        return self.page("dashboard/transfer/import.html", message, form=form, others=self.others(Permission.VIEW))


class HookCopy(WorkPage):
    """Copies hooks of this tenant into another one."""

    needs: ClassVar = {"GET": Permission.VIEW, "POST": Permission.VIEW}

    def get(self, request: HttpRequest) -> HttpResponse:
        """Which hooks, and where to; `?hook=` names those to begin with, `?to=` the tenant."""
        return self._form()

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """Read the hooks here, look at the other tenant, go to the plan there."""
        targets = {other.slug: other for other in self.others(Permission.IMPORT)}
        form = CopyForm(request.POST, others=[*targets])
        if not form.is_valid():
            return self.decline(faults_of(form))
        return self.answer(self._copy(targets[form.cleaned_data["to"]], set(form.cleaned_data["hook"])))

    def refused(self, message: Message) -> HttpResponse:
        """The form again, with `message`."""
        return self._form(message)

    def _copy(self, target: Tenant, hook_ids: set[str]) -> Work[Go | File]:
        imported = yield from imports.copy(self.workspace, hook_ids, target)
        # What the other tenant does not answer can be asked again on the page of the plan.
        address = reverse("dashboard:plan", args=[target.slug, imported.id])
        try:
            yield from imports.look(self.workspace_of(target), imported)
        except ApiError:
            return Go(address)
        return Go(address)

    def _form(self, message: Message | None = None) -> HttpResponse:
        hooks = last_known_hooks(self.record)
        try:
            hooks = self.workspace.all()
        except ApiError as error:
            message = message or message_of(error, self.tenant)
        asked = self.request.POST or self.request.GET
        chosen = set(asked.getlist("hook"))
        if "hook" not in self.request.GET and not self.request.POST:
            chosen = {hook.id for hook in hooks}
        context: dict[str, Any] = {
            "hooks": sorted(hooks, key=lambda hook: hook.name),
            "chosen": chosen,
            "to": asked.get("to", ""),
        }
        return self.page("dashboard/transfer/copy.html", message, others=self.others(Permission.IMPORT), **context)


class HookPlan(WorkPage):
    """The plan of an import, what was typed for it, and what came of it."""

    needs: ClassVar = {"GET": Permission.IMPORT, "POST": Permission.IMPORT}

    imported: Import

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer the request. Raises Http404 where there is no such import of this tenant, or not any more."""
        imported = imports.find(self.tenant, kwargs.pop("import_id"))
        if imported is None:
            raise Http404
        self.imported = imported
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page. It costs no call: it shows the tenant as it was at the last look."""
        return self._plan()

    def post(self, request: HttpRequest) -> HttpResponseBase:
        """`action`: `plan` keeps what was typed and looks again, `apply` carries the plan out.

        `forget` drops what was typed and looks again, `discard` drops the import.
        """
        action = request.POST.get("action")
        if action == "discard":
            return self.answer(self._discard())
        if action == "forget":
            return self.answer(self._forget())
        return self.answer(self._take(PlanForm(request.POST), applying=action == "apply"))

    def explain(self, error: Exception) -> Message:
        """The sentence for what ended the work, and that nothing typed is lost."""
        message = super().explain(error)
        if isinstance(error, ImportRunningError) and self.request.POST.get("action") not in ("forget", "discard"):
            return replace(message, text=f"{message.text} What you typed is kept until then.")
        return message

    def refused(self, message: Message) -> HttpResponse:
        """The page with `message`, as the import is now; what was typed is kept. `message` alone where it is gone."""
        imported = imports.find(self.tenant, self.imported.pk)
        if imported is None:
            return failure(self.request, message.status, message.text, kind=message.kind, title="No longer here")
        self.imported = imported
        return self._plan(message)

    def _discard(self) -> Work[Go | File]:
        yield from ()
        text = "The import was discarded. Nothing was changed."
        if imports.discard(self.tenant, self.imported):
            text = f"The record of this import was deleted. Whatever it did to {self.tenant.slug} stays done."
        messages.success(self.request, text)
        return Go(reverse("dashboard:list", args=[self.tenant.slug]))

    def _forget(self) -> Work[Go | File]:
        imports.forget(self.imported)
        return (yield from self._look("?forgotten"))

    def _take(self, form: PlanForm, *, applying: bool) -> Work[Go | File]:
        valid = form.is_valid()
        typed = form.cleaned_data
        # What is right is kept even where something else is wrong.
        changed = imports.fill(self.imported, typed["keywords"], typed["secrets"], deleting=typed["deleting"])
        if not valid:
            raise ValidationError(faults_of(form))
        if not applying or changed:
            return (yield from self._look("?changed" if applying else "?looked"))
        yield from imports.apply(self.workspace, self.imported, typed["seen"])
        return self._here("?applied")

    def _look(self, query: str) -> Work[Go | File]:
        yield from imports.look(self.workspace, self.imported)
        return self._here(query)

    def _here(self, query: str) -> Go:
        return Go(reverse("dashboard:plan", args=[self.tenant.slug, self.imported.id]) + query)

    def _plan(self, message: Message | None = None) -> HttpResponse:
        planned = imports.planned(self.imported)
        values = imports.values_of(self.imported)
        found = planned.reading if planned else imports.read(self.imported)
        keywords = [*found.keywords.items(), *((key, []) for key in values["keywords"])]
        secrets = wording.asked_secrets(planned.plan, values["secrets"]) if planned else []
        context: dict[str, Any] = {
            "imported": self.imported,
            "planned": planned,
            "found": found,
            "groups": wording.groups(planned.plan) if planned else [],
            "keywords": keywords[:MAX_ASKED],
            "more_keywords": len(keywords[MAX_ASKED:]),
            "secrets": secrets[:MAX_ASKED],
            "more_secrets": len(secrets[MAX_ASKED:]),
            "has_typed": imports.has_typed(self.imported),
            "outcome": imports.outcome(self.imported),
            "begun": imports.begun(self.imported),
            "running": imports.is_running(self.imported),
            "done": imports.is_done(self.imported),
        }
        return self.page("dashboard/transfer/plan.html", message, **context)
