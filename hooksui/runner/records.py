"""The log of a hook's runs, and its payloads."""

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from hooksui.runner.models import Payload, Run
from hooksui.runner.outcome import Outcome

RUNS_KEPT = 100  # of each hook
PAYLOADS_KEPT = 50  # of each hook
_VERSION = 1  # of what is stored of an outcome; `outcome_of` reads older ones
_RECENT = 5  # payloads of earlier runs that are offered again
_TEXT = 2**16  # characters that the log keeps of each: console, result, meaning, warnings
_MAX_LENGTH = 2**13  # characters that it keeps of a sentence, and of each text of an error


def runs_of(tenant: str, hook_id: str) -> QuerySet[Run]:
    """The runs of a hook, newest first."""
    return Run.objects.filter(tenant=tenant, hook_id=hook_id).order_by("-id")


def keep_run(run: Run, outcome: Outcome) -> None:
    """Store `run`, which has everything but its outcome, and drop the hook's oldest ones beyond RUNS_KEPT."""
    run.outcome = {"version": _VERSION} | _shortened(outcome.as_dict())
    run.ending = outcome.ending
    run.duration_ms = outcome.duration_ms
    run.save(force_insert=True)
    old = runs_of(run.tenant, run.hook_id).values_list("pk", flat=True)[RUNS_KEPT:]
    Run.objects.filter(pk__in=list(old)).delete()


def outcome_of(run: Run) -> dict[str, Any]:
    """What came of a run that is stored, as `Outcome.as_dict` has it, whichever version stored it."""
    # The first rows have no version; a field that was not kept then has its default.
    stored = {name: value for name, value in run.outcome.items() if name != "version"}
    return Outcome().as_dict() | stored


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
    """`outcome` without the end of what is long, and without a long result; a warning says so of both."""
    lines = list(_beginning(outcome["console"]))
    warnings = list(_beginning([_cut(text) for text in outcome["warnings"]]))
    meaning = list(_beginning([effect | {"text": _cut(effect["text"])} for effect in outcome["meaning"]]))
    if len(lines) < len(outcome["console"]):
        warnings.append("The log keeps only the beginning of the console output.")
    result, error = outcome["result"], outcome["error"]
    if len(str(result)) > _TEXT:
        result = None
        warnings.append("This result is too long for the log.")
    if len(str(error)) > _MAX_LENGTH:
        error = {name: _short(value) for name, value in error.items()}
    short = {"console": lines, "result": result, "error": error, "warnings": warnings, "meaning": meaning}
    return outcome | short


def _beginning(entries: list[Any]) -> Iterator[Any]:
    left = _TEXT
    for entry in entries:
        left -= len(str(entry))
        if left < 0:
            return
        yield entry


def _short(value: Any) -> Any:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return value if len(text) <= _MAX_LENGTH else _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_LENGTH else f"{text[:_MAX_LENGTH]} …"
