"""Imports on their way, for pages: kept between the upload, the plan and its application.

Each has texts by path; values for keywords (`keywords`) and for secrets by hook (`secrets`); and the tenant's hooks as
they were when it was last looked at, so that a page costs no call, and nothing is applied to a tenant that has changed
since a person saw the plan.
"""

import datetime
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.utils import timezone

from hooksui import catalogue
from hooksui.auth0.errors import ServiceError
from hooksui.auth0.shapes import Hook
from hooksui.tenants.config import Tenant
from hooksui.tenants.models import TenantRecord
from hooksui.transfer import applying, deploy_cli, plan, reading, snapshot
from hooksui.transfer.applying import Application, Result
from hooksui.transfer.definition import Unreadable
from hooksui.transfer.files import Texts
from hooksui.transfer.models import Import
from hooksui.transfer.snapshot import Snapshot
from hooksui.transfer.work import Work
from hooksui.web.errors import message_of

KEPT = datetime.timedelta(days=1)

# Tenants into which this process is importing, one import each.
_busy: set[str] = set()
_busy_lock = threading.Lock()


class ImportRunning(Exception):
    """Another import into this tenant is going on. Nothing was changed."""


class PlanChanged(Exception):
    """The plan is not the one any more that the person saw. Nothing was written."""


@dataclass(frozen=True)
class Planned:
    """An import's files as they were read, and the plan for them."""

    reading: reading.Reading
    plan: plan.Plan
    mark: str


def start(tenant: Tenant, username: str, source: str, texts: Texts, *, verbatim: bool = False) -> Import:
    """Keep `texts` as an import into `tenant`; imports older than KEPT are dropped."""
    Import.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
    kept = {
        "by_path": texts.by_path,
        "unreadable": [[error.source, error.reason] for error in texts.unreadable],
        "others": texts.others,
    }
    return Import.objects.create(
        tenant=tenant.slug, username=username, source=source[:255], verbatim=verbatim, texts=json.dumps(kept)
    )


def copy(source: Tenant, record: TenantRecord, hook_ids: set[str], target: Tenant, username: str) -> Work[Import]:
    """An import into `target` of the hooks `hook_ids` of `source`, or of all where there are none. Raises ServiceError.

    The values of their secrets cannot be read, so the plan asks for them.
    """
    wanted = yield from snapshot.take(source, record, with_secrets=lambda hook: not hook_ids or hook.id in hook_ids)
    hooks = [(hook_id, hook) for hook_id, hook in wanted.definitions() if not hook_ids or hook_id in hook_ids]
    texts = Texts(deploy_cli.write_directory(hooks))
    return start(target, username, f"tenant {source.slug}", texts, verbatim=True)


def look(tenant: Tenant, record: TenantRecord, imported: Import) -> Work[Planned]:
    """Look at the tenant and plan the import anew. Raises ServiceError."""
    found = read(imported)
    needed = plan.needs_secrets(found.definitions, imported.deleting)
    taken = yield from snapshot.take(tenant, record, lambda hook: catalogue.stored_name(hook.name) in needed)
    imported.snapshot = json.dumps(
        {"hooks": [asdict(hook) for hook in taken.hooks], "secrets": taken.secrets}, sort_keys=True
    )
    imported.looked_at = timezone.now()
    imported.save(update_fields=["snapshot", "looked_at"])
    return _planned(imported, found)


def planned(imported: Import) -> Planned | None:
    """The plan as of the last look at the tenant; None where there was none yet."""
    return _planned(imported, read(imported)) if imported.snapshot else None


def read(imported: Import) -> reading.Reading:
    """The import's files, with the values that there are for their keywords."""
    kept = json.loads(imported.texts or '{"by_path": {}, "unreadable": [], "others": 0}')
    texts = Texts(kept["by_path"], [Unreadable(*error) for error in kept["unreadable"]], kept["others"])
    if imported.verbatim:
        return reading.read(texts, None)
    return reading.read(texts, settings.IMPORT_KEYWORDS | values_of(imported)["keywords"])


def values_of(imported: Import) -> dict[str, dict[str, Any]]:
    """What was typed for an import: `keywords` by key, `secrets` by the hook's stored name and the secret's."""
    return {"keywords": {}, "secrets": {}, **json.loads(imported.values)}


def fill(imported: Import, keywords: dict[str, str], secrets: plan.SecretValues, *, deleting: bool) -> bool:
    """Keep what was typed beside what was typed before. Whether that makes another plan: values of secrets do not."""
    values = values_of(imported)
    changed = imported.deleting != deleting or any(values["keywords"].get(key) != keywords[key] for key in keywords)
    values["keywords"] |= keywords
    for hook, typed in secrets.items():
        values["secrets"].setdefault(hook, {}).update(typed)
    imported.values = json.dumps(values)
    imported.deleting = deleting
    imported.save(update_fields=["values", "deleting"])
    return changed


def apply(tenant: Tenant, record: TenantRecord, imported: Import, seen: str) -> Work[None]:
    """Apply the plan with the mark `seen` and keep the outcome; files and what was typed only until all of it is done.

    Raises PlanChanged where another one comes out by now, ImportRunning, and ServiceError; nothing was written then.
    """
    with _alone(tenant):
        now = yield from look(tenant, record, imported)
        if now.mark != seen:
            raise PlanChanged
        application = applying.Application(tenant, record, now.plan)
        try:
            yield from application.run()
        finally:
            imported.outcome = outcome_of(tenant, application) | {"refused": _refusals(now.plan)}
            # What the tenant had is history, and what is done needs no files and values any more.
            imported.snapshot = ""
            if application.whole:
                imported.texts, imported.values = "", "{}"
            imported.save(update_fields=["outcome", "texts", "values", "snapshot"])
        if not application.whole:
            # What is left to do; where the tenant does not answer any more, it can be asked later.
            with suppress(ServiceError):
                yield from look(tenant, record, imported)


def outcome_of(tenant: Tenant, application: Application) -> dict[str, Any]:
    """What came of an application, for people: `whole`, and of each hook name, fate, ending, steps and a `text`."""
    return {
        "at": timezone.now().isoformat(),
        "whole": application.whole,
        "results": [
            {
                "name": result.item.name,
                "fate": result.item.fate,
                "ending": result.ending,
                "steps": result.steps,
                "text": _failure_text(tenant, result),
            }
            for result in application.results
        ],
    }


def _refusals(made: plan.Plan) -> list[tuple[str, str]]:
    """What was refused, and why."""
    hooks = [(item.source or item.name, item.reason) for item in made.of(plan.Fate.REFUSE)]
    return hooks + [(error.source, error.reason) for error in made.unreadable]


def _failure_text(tenant: Tenant, result: Result) -> str:
    if result.error is None:
        return ""
    return f"It failed while {result.trying}: {message_of(result.error, tenant, hook=result.item.name).text}"


@contextmanager
def _alone(tenant: Tenant) -> Iterator[None]:
    with _busy_lock:
        if tenant.slug in _busy:
            raise ImportRunning
        _busy.add(tenant.slug)
    try:
        yield
    finally:
        _busy.discard(tenant.slug)


def _planned(imported: Import, found: reading.Reading) -> Planned:
    kept = json.loads(imported.snapshot)
    taken = Snapshot([Hook(**hook) for hook in kept["hooks"]], kept["secrets"])
    values = values_of(imported)["secrets"]
    made = plan.make(found.definitions, found.unreadable, taken, deleting=imported.deleting, values=values)
    return Planned(found, made, hashlib.sha256(imported.snapshot.encode()).hexdigest()[:16])
