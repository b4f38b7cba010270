"""Finding out a tenant's state from its answers: writable, read-only, gone, unreachable, not permitted.

Two facts make it up: what keeps the hooks from being had at all (`trouble`), and whether scripts may be changed
(`read_only`), which a list cannot tell. What counts as which is known from threads and recordings only: nobody
documents how a tenant answers after November 18, 2026.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils import timezone

from hooksui.auth0.errors import (
    ApiError,
    HooksGoneError,
    MissingScopeError,
    NoAnswerError,
    NotPermittedError,
    ScriptsReadOnlyError,
    TokenRejectedError,
    UnreachableError,
)
from hooksui.auth0.shapes import Hook, kept_hook
from hooksui.tenants.config import Tenant
from hooksui.tenants.models import TenantRecord, Trouble

# How often the time of an unchanged list is written down anew.
REFRESH = datetime.timedelta(minutes=1)

_TROUBLES: tuple[tuple[type[ApiError], Trouble], ...] = (
    (UnreachableError, Trouble.UNREACHABLE),
    (NoAnswerError, Trouble.UNREACHABLE),
    (TokenRejectedError, Trouble.NOT_PERMITTED),
    (NotPermittedError, Trouble.NOT_PERMITTED),
    (HooksGoneError, Trouble.GONE),
)


def record_of(tenant: Tenant) -> TenantRecord:
    """What is known of `tenant`; an unsaved, empty record where nothing is yet, or of another tenant of that name."""
    record = TenantRecord.objects.filter(slug=tenant.slug, origin=tenant.origin).first()
    record = record or TenantRecord(slug=tenant.slug, origin=tenant.origin)
    if tenant.is_local:
        # Known without asking, and as changeable as the setting.
        record.read_only = settings.LOCAL_TENANT_MODE == "read-only"
    return record


def states() -> dict[str, str]:
    """In a word or two, the state of each configured tenant about which there is something to say."""
    said: dict[str, str] = {}
    for slug, origin, trouble, read_only in TenantRecord.objects.values_list("slug", "origin", "trouble", "read_only"):
        tenant = settings.TENANTS.get(slug)
        if tenant and tenant.origin == origin:
            said[slug] = Trouble(trouble).label or ("read-only" if read_only else "")
    return said


@contextmanager
def noting_failures(record: TenantRecord) -> Iterator[None]:
    """Note in `record` what an ApiError of the block says about the tenant; the error goes on to the caller."""
    try:
        yield
    except ApiError as error:
        note_failure(record, error)
        raise


def note_failure(record: TenantRecord, error: ApiError) -> None:
    """Note in `record` what `error` says about the tenant.

    A missing scope of a read means that nothing may be seen; that of a write says nothing about the tenant's state.
    """
    if isinstance(error, MissingScopeError):
        _note(record, trouble=Trouble.NOT_PERMITTED if "read:" in error.scope else Trouble.NONE)
    elif isinstance(error, ScriptsReadOnlyError):
        _note(record, trouble=Trouble.NONE, read_only=True)
    else:
        for kind, trouble in _TROUBLES:
            if isinstance(error, kind):
                _note(record, trouble=trouble)


def note_list(tenant: Tenant, record: TenantRecord, hooks: list[Hook]) -> None:
    """Keep the list that the tenant has just given as the last known one.

    A real tenant whose list turned empty keeps the old one and counts as gone: Auth0 removes hooks that way too.
    """
    seen = [{"id": hook.id, "name": hook.name, "trigger": hook.trigger, "enabled": hook.enabled} for hook in hooks]
    if not seen and record.hooks and not tenant.is_local:
        _note(record, trouble=Trouble.GONE)
        return
    now = timezone.now()
    old = record.hooks_seen_at is None or now - record.hooks_seen_at > REFRESH
    if old or seen != record.hooks or record.trouble:
        _save(record, trouble=Trouble.NONE, hooks=seen, hooks_seen_at=now)


def note_read(record: TenantRecord) -> None:
    """A hook was read: the tenant answers and still has Hooks."""
    _note(record, trouble=Trouble.NONE)


def note_script_written(record: TenantRecord) -> None:
    """A script was created or changed: the tenant is writable."""
    _note(record, trouble=Trouble.NONE, read_only=False)


def last_known_hooks(record: TenantRecord) -> list[Hook]:
    """The hooks of the last list that the tenant gave, without scripts."""
    return [kept_hook(row) for row in record.hooks]


def _note(record: TenantRecord, *, trouble: Trouble, read_only: bool | None = None) -> None:
    read_only = record.read_only if read_only is None else read_only
    if (record.trouble, record.read_only) != (trouble, read_only):
        _save(record, trouble=trouble, read_only=read_only)


_BLANK = {"trouble": Trouble.NONE, "read_only": False, "hooks": [], "hooks_seen_at": None}


def _save(record: TenantRecord, **changes: Any) -> None:
    """Write `changes` and nothing else: another request may have noted the rest, or made the row, meanwhile."""
    if not TenantRecord.objects.filter(slug=record.slug, origin=record.origin).update(**changes):
        TenantRecord.objects.update_or_create(_BLANK | changes | {"origin": record.origin}, slug=record.slug)
    for name, value in changes.items():
        setattr(record, name, value)
