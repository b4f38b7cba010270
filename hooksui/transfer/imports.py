"""Imports on their way, for pages: kept between the upload, the plan and its application.

Each has texts by path; values for keywords (`keywords`) and for secrets by hook (`secrets`); and the tenant's hooks as
they were when it was last looked at, so that a page costs no call, and nothing is applied to a tenant that has changed
since a person saw the plan.
"""

import datetime
import hashlib
import json
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.utils import timezone

from hooksui import catalogue
from hooksui.auth0.errors import ServiceError
from hooksui.auth0.shapes import Hook
from hooksui.tenants.config import Tenant
from hooksui.tenants.models import TenantRecord
from hooksui.transfer import applying, deploy_cli, plan, reading, snapshot
from hooksui.transfer.definition import Unreadable
from hooksui.transfer.files import Texts
from hooksui.transfer.models import Import
from hooksui.transfer.outcome import outcome_of
from hooksui.transfer.snapshot import Snapshot
from hooksui.transfer.work import Work

log = logging.getLogger(__name__)

KEPT = datetime.timedelta(days=1)

# Tenants into which this process, the only one that serves pages, is importing: one import each.
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
        tenant=tenant.slug,
        origin=tenant.origin,
        username=username,
        source=source[:255],
        verbatim=verbatim,
        texts=json.dumps(kept),
    )


def find(tenant: Tenant, import_id: str) -> Import | None:
    """The import into `tenant` of this id; None where there is none, or it is older than KEPT."""
    young = Import.objects.filter(created_at__gte=timezone.now() - KEPT)
    return young.filter(pk=import_id, tenant=tenant.slug, origin=tenant.origin).first()


def copy(source: Tenant, record: TenantRecord, hook_ids: set[str], target: Tenant, username: str) -> Work[Import]:
    """An import into `target` of the hooks `hook_ids` of `source`, or of all where there are none.

    The values of their secrets cannot be read, so the plan asks for them. Raises Unreadable and ServiceError.
    """
    wanted = yield from snapshot.take(source, record, with_secrets=lambda hook: not hook_ids or hook.id in hook_ids)
    hooks = [(hook_id, hook) for hook_id, hook in wanted.definitions() if not hook_ids or hook_id in hook_ids]
    if not hooks:
        raise Unreadable("", f"{source.slug} does not have these hooks any more.")
    texts = Texts(deploy_cli.write_directory(hooks))
    return start(target, username, f"tenant {source.slug}", texts, verbatim=True)


def look(tenant: Tenant, record: TenantRecord, imported: Import) -> Work[Planned]:
    """Look at the tenant and plan the import anew. Raises ServiceError."""
    found = read(imported)
    needed = plan.needs_secrets(found.definitions, imported.deleting)
    taken = yield from snapshot.take(tenant, record, lambda hook: catalogue.stored_name(hook.name) in needed)
    imported.snapshot = json.dumps(
        {"hooks": [asdict(hook) for hook in sorted(taken.hooks, key=attrgetter("id"))], "secrets": taken.secrets},
        sort_keys=True,
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


def outcome(imported: Import) -> dict[str, Any] | None:
    """What came of the last application, as of `outcome_of`, with `at` as a datetime; None before."""
    if not imported.outcome:
        return None
    kept: dict[str, Any] = json.loads(imported.outcome)
    return kept | {"at": datetime.datetime.fromisoformat(kept["at"])}


def is_done(imported: Import) -> bool:
    """Whether all of it was done, after which its files are gone."""
    return not imported.texts


def values_of(imported: Import) -> dict[str, dict[str, Any]]:
    """What was typed for an import: `keywords` by key, `secrets` by the hook's stored name and the secret's."""
    return {"keywords": {}, "secrets": {}, **json.loads(imported.values)}


def fill(imported: Import, keywords: dict[str, str], secrets: plan.SecretValues, *, deleting: bool) -> bool:
    """Keep what was typed beside what was typed before, as far as the files ask for it.

    Whether that makes another plan: values of secrets do not.
    """
    values = values_of(imported)
    found = read(imported)
    keywords = {key: value for key, value in keywords.items() if key in found.keywords or key in values["keywords"]}
    changed = imported.deleting != deleting or any(values["keywords"].get(key) != keywords[key] for key in keywords)
    values["keywords"] |= keywords
    for definition in found.definitions:
        hook = catalogue.stored_name(definition.name)
        typed = secrets.get(hook, {})
        known = {name: typed[name] for name in definition.secrets or {} if name in typed}
        values["secrets"].setdefault(hook, {}).update(known)
    imported.values = json.dumps(values)
    imported.deleting = deleting
    imported.save(update_fields=["values", "deleting"])
    return changed


def apply(tenant: Tenant, record: TenantRecord, imported: Import, username: str, seen: str) -> Work[None]:
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
            imported.outcome = json.dumps(outcome_of(tenant, now.plan, application))
            log.info("%s applied %s to %s", username, imported.source, tenant.slug)
            # What the tenant had is history, and what is done needs no files and values any more.
            imported.snapshot = ""
            if application.whole:
                imported.texts, imported.values = "", "{}"
            imported.save(update_fields=["outcome", "texts", "values", "snapshot"])
        if not application.whole:
            # What is left to do; where the tenant does not answer any more, it can be asked later.
            with suppress(ServiceError):
                yield from look(tenant, record, imported)


def discard(tenant: Tenant, imported: Import) -> None:
    """Forget an import. Raises ImportRunning while one into its tenant is going on, which may be this one."""
    with _alone(tenant):
        imported.delete()


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
    return Planned(found, made, _mark(imported))


def _mark(imported: Import) -> str:
    """Another plan has another mark: it stands for all that a plan is made of, but for the values of secrets."""
    keywords = {} if imported.verbatim else settings.IMPORT_KEYWORDS | values_of(imported)["keywords"]
    made_of = json.dumps([imported.texts, keywords, imported.deleting, imported.snapshot], sort_keys=True)
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]
