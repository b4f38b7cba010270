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
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from hooksui import catalogue
from hooksui.auth0.errors import ApiError
from hooksui.auth0.shapes import kept_hook
from hooksui.hooks.workspace import LongWorkspace, Workspace
from hooksui.tenants.config import Tenant
from hooksui.tenants.state import last_known_hooks
from hooksui.transfer.applying.application import Application
from hooksui.transfer.applying.outcome import outcome_of
from hooksui.transfer.files.definition import UnreadableError
from hooksui.transfer.files.texts import Texts
from hooksui.transfer.formats import reading
from hooksui.transfer.formats.base import Reading
from hooksui.transfer.formats.deploy_cli import directory
from hooksui.transfer.models import Import
from hooksui.transfer.planning import doubts, plan, snapshot
from hooksui.transfer.planning.snapshot import Snapshot
from hooksui.transfer.progress import Work

log = logging.getLogger(__name__)

KEPT = datetime.timedelta(days=1)

_MAX_NAMED = 3  # hooks in one sentence

# Tenants into which this process, the only one that serves pages, is importing, each with the id of its one import.
_busy: dict[str, str] = {}
_busy_lock = threading.Lock()


class ImportRunningError(Exception):
    """An import into this tenant is going on, or was during a look. The tenant was not touched beside it."""


class PlanChangedError(Exception):
    """The plan is not the one any more that the person saw. Nothing was written."""


class ImportDiscardedError(Exception):
    """Somebody discarded the import meanwhile. Nothing of it is kept."""


class ImportDoneError(Exception):
    """All of the import was done already, and nothing is kept for it any more but its outcome."""


@dataclass(frozen=True)
class Planned:
    """An import's files as they were read, and the plan for them."""

    reading: Reading
    plan: plan.Plan
    mark: str


def start(tenant: Tenant, username: str, source: str, texts: Texts, *, verbatim: bool = False) -> Import:
    """Keep `texts` as an import into `tenant`; old ones are dropped."""
    Import.objects.exclude(_not_old()).delete()
    kept = {
        "by_path": texts.by_path,
        "unreadable": [[error.source, error.reason] for error in texts.unreadable],
        "others": texts.others,
        "unrelated": sorted(texts.unrelated),
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
    """The import into `tenant` of this id as it is kept now; None where there is none, or it is old."""
    return Import.objects.filter(_not_old(), pk=import_id, tenant=tenant.slug, origin=tenant.origin).first()


def copy(workspace: Workspace, hook_ids: set[str], target: Tenant) -> Work[Import]:
    """An import into `target` of the hooks `hook_ids` of the workspace's tenant.

    The values of their secrets cannot be read, so the plan asks for them. Raises UnreadableError where not all of the
    hooks are there any more, and ApiError.
    """
    known = {hook.id: hook.name for hook in last_known_hooks(workspace.record)}
    taken = yield from snapshot.take(workspace, with_secrets=lambda hook: hook.id in hook_ids)
    hooks = [(hook_id, hook) for hook_id, hook in taken.definitions() if hook_id in hook_ids]
    if gone := hook_ids - {hook_id for hook_id, _ in hooks}:
        raise UnreadableError("", f"{_named(gone, known)} no longer on {workspace.tenant.slug}: choose again.")
    texts = Texts(directory.write(hooks))
    return start(target, workspace.actor.name, f"tenant {workspace.tenant.slug}", texts, verbatim=True)


def look(workspace: Workspace, imported: Import) -> Work[Planned]:
    """Look at the tenant and plan the import anew.

    Raises ImportRunningError while this very import is applied, or where that began meanwhile, ImportDiscardedError,
    ImportDoneError, and ApiError.
    """
    if is_running(imported):
        raise ImportRunningError
    return (yield from _look(workspace, imported))


def planned(imported: Import) -> Planned | None:
    """The plan as of the last look at the tenant; None where there was none yet."""
    return _planned(imported, read(imported)) if imported.snapshot else None


def read(imported: Import) -> Reading:
    """The import's files, with the values that there are for their keywords."""
    kept = json.loads(imported.texts or '{"by_path": {}, "unreadable": [], "others": 0}')
    texts = Texts(kept["by_path"], [UnreadableError(*error) for error in kept["unreadable"]], kept["others"])
    texts.unrelated.update(kept.get("unrelated", []))
    if imported.verbatim:
        return reading.read(texts, None)
    return reading.read(texts, settings.IMPORT_KEYWORDS | values_of(imported)["keywords"])


def outcome(imported: Import) -> dict[str, Any] | None:
    """What came of the last application, as of `outcome_of`, with `at` as a datetime; None before its end.

    What has begun and has no end yet is told by `begun`.
    """
    kept: dict[str, Any] = json.loads(imported.outcome or "{}")
    return kept | {"at": datetime.datetime.fromisoformat(kept["at"])} if "results" in kept else None


def begun(imported: Import) -> dict[str, Any] | None:
    """Who began, `by`, and when, `at`, an application that goes on, or whose end is not known; None otherwise."""
    kept: dict[str, Any] = json.loads(imported.outcome or "{}")
    return {"at": datetime.datetime.fromisoformat(kept["at"]), "by": kept["by"]} if "by" in kept else None


def is_running(imported: Import) -> bool:
    """Whether this very import is being applied."""
    return _busy.get(imported.tenant) == imported.pk


def is_done(imported: Import) -> bool:
    """Whether all of it was done, after which its files are gone."""
    return not imported.texts


def values_of(imported: Import) -> dict[str, dict[str, Any]]:
    """What was typed for an import: `keywords` by key, `secrets` by the hook's stored name and the secret's."""
    return {"keywords": {}, "secrets": {}, **json.loads(imported.values)}


def has_typed(imported: Import) -> bool:
    """Whether anything is kept that was typed for an import."""
    values = values_of(imported)
    return bool(values["keywords"]) or any(values["secrets"].values())


def fill(imported: Import, keywords: dict[str, str], secrets: plan.SecretValues, *, deleting: bool) -> bool:
    """Keep what was typed beside what was typed before, by whomever, as far as the files ask for it.

    Whether that makes another plan: values of secrets do not. While the import is applied this is for what may be left
    of it. Raises ImportDiscardedError and ImportDoneError; nothing is kept then.
    """
    found = read(imported)
    with _as_kept(imported) as now:
        values = values_of(now)
        keywords = {key: value for key, value in keywords.items() if key in found.keywords or key in values["keywords"]}
        changed = now.deleting != deleting or any(values["keywords"].get(key) != keywords[key] for key in keywords)
        values["keywords"] |= keywords
        for definition in found.definitions:
            hook = catalogue.stored_name(definition.name)
            typed = secrets.get(hook, {})
            if known := {name: typed[name] for name in definition.secrets or {} if name in typed}:
                values["secrets"].setdefault(hook, {}).update(known)
        _write(imported, values=json.dumps(values), deleting=deleting)
    return changed


def forget(imported: Import) -> None:
    """Drop all that was typed for keywords and secrets. Raises ImportDiscardedError and ImportDoneError."""
    with _as_kept(imported):
        _write(imported, values="{}")


def apply(workspace: Workspace, imported: Import, seen: str) -> Work[None]:
    """Apply the plan with the mark `seen` and keep the outcome; files and what was typed only until all of it is done.

    Raises PlanChangedError where another one comes out by now, ImportRunningError, ImportDiscardedError,
    ImportDoneError, and ApiError; nothing was written then.
    """
    tenant, username = workspace.tenant, workspace.actor.name
    with _alone(tenant, imported):
        now = yield from _look(workspace, _reread(imported))
        if now.mark != seen:
            raise PlanChangedError
        application = Application(LongWorkspace(workspace, f"import {imported.pk}"), now.plan)
        # Where this process ends before the import does, no old plan shall look as if nothing had happened.
        _write(imported, outcome=json.dumps({"at": timezone.now().isoformat(), "by": username}), snapshot="")
        try:
            yield from application.run()
        finally:
            _end(tenant, imported, username, now.plan, application)
        if not application.whole:
            # What is left to do; where the tenant does not answer any more, it can be asked later.
            with suppress(ApiError):
                yield from _look(workspace, _reread(imported))


def discard(tenant: Tenant, imported: Import) -> bool:
    """Forget an import; whether any of it may have been done.

    Raises ImportRunningError while one into its tenant is going on, which may be this one.
    """
    with _alone(tenant, imported):
        # Another page may have applied it since `imported` was read.
        now = Import.objects.filter(pk=imported.pk).first()
        Import.objects.filter(pk=imported.pk).delete()
    return bool(now and now.outcome)


@contextmanager
def _alone(tenant: Tenant, imported: Import) -> Iterator[None]:
    with _busy_lock:
        if tenant.slug in _busy:
            raise ImportRunningError
        _busy[tenant.slug] = imported.pk
    try:
        yield
    finally:
        del _busy[tenant.slug]


@contextmanager
def _as_kept(imported: Import) -> Iterator[Import]:
    """The import as it is kept now, which nobody else changes within the block.

    Raises ImportDiscardedError, and ImportDoneError: what is done shall have no values and no snapshot again.
    """
    with transaction.atomic():
        now = Import.objects.select_for_update().filter(pk=imported.pk).first()
        if now is None:
            raise ImportDiscardedError
        if is_done(now):
            raise ImportDoneError
        yield now


def _reread(imported: Import) -> Import:
    """The import with what was typed since. Raises ImportDiscardedError and ImportDoneError."""
    with _as_kept(imported) as now:
        return now


def _write(imported: Import, **changes: Any) -> None:
    """Keep `changes`, and nothing else of `imported`. Raises ImportDiscardedError."""
    if not Import.objects.filter(pk=imported.pk).update(**changes):
        raise ImportDiscardedError
    for name, value in changes.items():
        setattr(imported, name, value)


def _not_old() -> Q:
    """Imports that began, or for which the tenant was last looked at, less than KEPT ago, or that are being applied."""
    since = timezone.now() - KEPT
    return Q(created_at__gte=since) | Q(looked_at__gte=since) | Q(pk__in=list(_busy.values()))


def _named(hook_ids: set[str], known: dict[str, str]) -> str:
    """The hooks as the begin of a sentence, with its verb: by name where all names are known and not too many."""
    verb = "is" if len(hook_ids) == 1 else "are"
    if len(hook_ids) <= _MAX_NAMED and hook_ids <= known.keys():
        return f"{' and '.join(sorted(known[hook_id] for hook_id in hook_ids))} {verb}"
    return f"{len(hook_ids)} of the chosen hooks {verb}"


def _look(workspace: Workspace, imported: Import) -> Work[Planned]:
    found = read(imported)
    needed = plan.needs_secrets(found.definitions, imported.deleting)
    taken = yield from snapshot.take(workspace, lambda hook: catalogue.stored_name(hook.name) in needed)
    kept = json.dumps(
        {"hooks": [asdict(hook) for hook in sorted(taken.hooks, key=attrgetter("id"))], "secrets": taken.secrets},
        sort_keys=True,
    )
    with _as_kept(imported) as now:
        # What was read before or during an application is no plan for what is left.
        if now.outcome != imported.outcome:
            raise ImportRunningError
        _write(imported, snapshot=kept, looked_at=timezone.now())
    # Of what `imported` was when the look began: what was typed since makes another mark on the page.
    return _planned(imported, found)


def _end(tenant: Tenant, imported: Import, username: str, applied: plan.Plan, application: Application) -> None:
    """Keep what came of an application. What the tenant had is history, and what is done needs no files and values."""
    came_of_it = "whole" if application.whole else "stopped"
    # What a file is called is a stranger's word, which may hold a line break.
    log.info("import of %r into %s by %s: %s", imported.source, tenant.slug, username, came_of_it)
    outcome_now = json.dumps(outcome_of(tenant, applied, application))
    rest = {"texts": "", "values": "{}"} if application.whole else {}
    # The outcome is there for as long as a plan would be.
    _write(imported, outcome=outcome_now, snapshot="", looked_at=timezone.now(), **rest)


def _planned(imported: Import, found: Reading) -> Planned:
    kept = json.loads(imported.snapshot)
    taken = Snapshot([kept_hook(row) for row in kept["hooks"]], kept["secrets"])
    values = values_of(imported)["secrets"]
    made = plan.make(
        found.definitions, found.unreadable, taken, gaps=found.gaps, deleting=imported.deleting, values=values
    )
    return Planned(found, doubts.with_warnings(made), _mark(imported))


def _mark(imported: Import) -> str:
    """Another plan has another mark: it stands for all that a plan is made of, but for the values of secrets."""
    keywords = {} if imported.verbatim else settings.IMPORT_KEYWORDS | values_of(imported)["keywords"]
    made_of = json.dumps([imported.texts, keywords, imported.deleting, imported.snapshot], sort_keys=True)
    return hashlib.sha256(made_of.encode()).hexdigest()[:16]
