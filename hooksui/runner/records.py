"""The log of a hook's runs, and its payloads."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from hooksui.runner.models import Payload, Run
from hooksui.runner.outcome import Outcome

RUNS_KEPT = 100  # of each hook
PAYLOADS_KEPT = 50  # of each hook
_RECENT = 5  # payloads of earlier runs that are offered again
_TEXT = 2**16  # characters of console and of result that the log keeps


def runs_of(tenant: str, hook_id: str) -> QuerySet[Run]:
    """The runs of a hook, newest first."""
    return Run.objects.filter(tenant=tenant, hook_id=hook_id).order_by("-id")


def keep_run(run: Run, outcome: Outcome) -> None:
    """Store `run`, which has everything but its outcome, and drop the hook's oldest ones beyond RUNS_KEPT."""
    run.outcome = _shortened(outcome.as_dict())
    run.ending = outcome.ending
    run.duration_ms = outcome.duration_ms
    run.save(force_insert=True)
    old = runs_of(run.tenant, run.hook_id).values_list("pk", flat=True)[RUNS_KEPT:]
    Run.objects.filter(pk__in=list(old)).delete()


def new_run(**facts: Any) -> Run:
    """A run that begins now, not stored yet."""
    return Run(started_at=timezone.now(), **facts)


def recent_payloads(tenant: str, hook_id: str) -> list[Run]:
    """The newest runs with payloads that differ from each other."""
    found: dict[str, Run] = {}
    for run in runs_of(tenant, hook_id).only("id", "payload", "started_at")[: 4 * _RECENT]:
        found.setdefault(run.payload, run)
    return list(found.values())[:_RECENT]


def kept_payloads(tenant: str, hook_id: str) -> QuerySet[Payload]:
    """The payloads that were kept for a hook, by name."""
    return Payload.objects.filter(tenant=tenant, hook_id=hook_id).order_by("name")


def forget_hook(tenant: str, hook_id: str) -> None:
    """Remove the runs and payloads of a hook that is no more."""
    runs_of(tenant, hook_id).delete()
    kept_payloads(tenant, hook_id).delete()


def _shortened(outcome: dict[str, Any]) -> dict[str, Any]:
    """`outcome` without the end of a long console and without a long result; a warning says so."""
    left, lines = _TEXT, []
    for line in outcome["console"]:
        left -= len(line["text"])
        if left < 0:
            break
        lines.append(line)
    warnings = list(outcome["warnings"])
    if len(lines) < len(outcome["console"]):
        warnings.append("The log keeps the beginning of the console only.")
    result = outcome["result"]
    if len(str(result)) > _TEXT:
        result = None
        warnings.append("The log does not keep a result as long as this one.")
    return outcome | {"console": lines, "result": result, "warnings": warnings}
