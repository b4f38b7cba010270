"""Running a hook from the editor: the run as a stream, its log, and the payloads that are kept."""

import json
from collections.abc import Generator
from contextlib import closing
from datetime import UTC
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from hooksui.accounts.permissions import Permission
from hooksui.dashboard.forms import PayloadForm, RunForm, faults_of
from hooksui.dashboard.views.page import TenantPage
from hooksui.runner import records, running
from hooksui.runner.calling import Job, PayloadError
from hooksui.runner.models import Payload, Run
from hooksui.runner.redaction import redactor
from hooksui.runner.slots import NoSlotError
from hooksui.web.responses import failure, json_lines


class RunnerPage(TenantPage):
    """What belongs to the Runner is not there where RUNNER_ENABLED is false."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer the request. Raises Http404 where there is no Runner."""
        if not settings.RUNNER_ENABLED:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def hook_name(self, hook_id: str) -> str:
        """The hook's name as far as it is known without asking the tenant."""
        if known := self.workspace.known(hook_id):
            return known.name
        newest = records.runs_of(self.tenant.slug, hook_id).values_list("hook_name", flat=True).first()
        return newest or "this hook"


class HookRun(RunnerPage):
    """Runs what is in the editor, without saving it."""

    needs: ClassVar = {"POST": Permission.RUN}

    def post(self, request: HttpRequest, hook_id: str) -> HttpResponseBase:
        """Lines of JSON, each an event of `running.run`, as they come.

        Before anything is run, errors as `{"error": {"message", "kind"}}`: 400 for what was sent, 503 when too many
        runs are going on.
        """
        form = RunForm(request.POST)
        if not form.is_valid():
            text = faults_of(form)
            return failure(request, 400, text, kind="invalid")
        cleaned = form.cleaned_data
        secrets = running.secrets_for(self.tenant, hook_id, cleaned["secrets"], stored=cleaned["stored"])
        name = cleaned["name"] or self.hook_name(hook_id)
        job = Job(
            cleaned["script"], cleaned["trigger"], cleaned["payload"], secrets, cleaned["modules"] or {}, name=name
        )
        order = running.Order(
            self.tenant,
            hook_id,
            name,
            request.user.get_username(),
            cleaned["modified"],
            job,
        )
        events = running.run(order)
        try:
            first = next(events)
        except PayloadError as error:
            return failure(request, 400, str(error), kind="payload")
        except NoSlotError as error:
            return failure(request, 503, str(error), kind="busy", seconds=5)
        return json_lines(_from(first, events))


class RunStop(RunnerPage):
    """Stops a run that is going on."""

    needs: ClassVar = {"POST": Permission.RUN}

    def post(self, request: HttpRequest, hook_id: str, run_id: str) -> HttpResponse:
        """`{"stopped"}`: whether there was something to stop."""
        return JsonResponse({"stopped": running.stop(self.tenant.slug, hook_id, run_id)})


class HookRuns(RunnerPage):
    """The log of a hook's runs."""

    needs: ClassVar = {"GET": Permission.VIEW, "POST": Permission.RUN}

    def get(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """The page; with `?download` all that is kept, as a file of JSON."""
        runs = records.runs_of(self.tenant.slug, hook_id)
        name = self.hook_name(hook_id)
        if "download" in request.GET:
            answer = JsonResponse([_as_dict(run) for run in runs], safe=False, json_dumps_params={"indent": 2})
            answer["Content-Disposition"] = f'attachment; filename="runs-of-{hook_id}.json"'
            return answer
        # What a run printed and answered is long, and few of them are opened.
        brief = runs.defer("payload", "outcome")
        return self.page("dashboard/runs.html", hook_id=hook_id, hook_name=name, runs=brief)

    def post(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """Clear the log."""
        records.runs_of(self.tenant.slug, hook_id).delete()
        messages.success(request, "The log is empty now.")
        return redirect("dashboard:runs", slug=self.tenant.slug, hook_id=hook_id)


class RunPage(RunnerPage):
    """One run of the log."""

    needs: ClassVar = {"GET": Permission.VIEW}

    def get(self, request: HttpRequest, hook_id: str, run_id: str) -> HttpResponse:
        """Its payload, result and console. Raises Http404 where the log does not have it any more."""
        run = records.runs_of(self.tenant.slug, hook_id).filter(pk=run_id).first()
        if run is None:
            raise Http404
        outcome = records.outcome_of(run)
        context: dict[str, Any] = {"hook_id": hook_id, "hook_name": run.hook_name, "run": run, "outcome": outcome}
        context["result"] = json.dumps(outcome["result"], indent=2, ensure_ascii=False)
        return self.page("dashboard/run.html", **context)


class HookPayloads(RunnerPage):
    """The payloads that the Runner offers again: those that were kept under a name, and those of the newest runs."""

    needs: ClassVar = {"GET": Permission.VIEW, "POST": Permission.RUN}

    def get(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """`{"kept": [{"name", "text"}], "recent": [{"at", "text"}]}`."""
        return self._payloads(hook_id)

    def post(self, request: HttpRequest, hook_id: str) -> HttpResponse:
        """Keep the payload `text` under `name`, or with the `action` `remove` forget that of this name."""
        kept = records.kept_payloads(self.tenant.slug, hook_id)
        if request.POST.get("action") == "remove":
            kept.filter(name=request.POST.get("name", "")).delete()
            return self._payloads(hook_id)
        form = PayloadForm(request.POST)
        if not form.is_valid():
            text = faults_of(form)
            return failure(request, 400, f"{text} Nothing was saved.", kind="invalid")
        name = form.cleaned_data["name"]
        if kept.exclude(name=name).count() >= records.PAYLOADS_KEPT:
            return failure(
                request, 400, f"A hook can have {records.PAYLOADS_KEPT} saved payloads. Remove one first.", kind="full"
            )
        # As in the log, values of secrets are replaced by their names; the page does so with those typed into it.
        redact = redactor(running.secrets_for(self.tenant, hook_id, {}, stored=True))
        Payload.objects.update_or_create(
            tenant=self.tenant.slug, hook_id=hook_id, name=name, defaults={"text": redact(form.cleaned_data["text"])}
        )
        return self._payloads(hook_id)

    def _payloads(self, hook_id: str) -> JsonResponse:
        kept = list(records.kept_payloads(self.tenant.slug, hook_id).values("name", "text"))
        recent = [
            {"at": run.started_at, "text": run.payload} for run in records.recent_payloads(self.tenant.slug, hook_id)
        ]
        return JsonResponse({"kept": kept, "recent": recent})


def _from(first: running.Told, events: Generator[running.Told]) -> Generator[running.Told]:
    # A person who is gone ends the run.
    with closing(events):
        yield first
        yield from events


def _as_dict(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        "started_at": run.started_at.astimezone(UTC),
        "username": run.username,
        "hook": {"id": run.hook_id, "name": run.hook_name, "trigger": run.trigger},
        "modified": run.modified,
        "payload": run.payload,
        "outcome": records.outcome_of(run),
    }
