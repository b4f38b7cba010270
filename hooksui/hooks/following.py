"""Changes that clients make over the network, at the embedded API, by its own word of what was written."""

from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest

from hooksui.accounts.throttle import address_of
from hooksui.auth0.shapes import Hook, hook_from_json
from hooksui.embedded.written import HookWritten, SecretsWritten
from hooksui.hooks import changes
from hooksui.hooks.changes import Actor, Change, Kind, differences
from hooksui.tenants.config import LOCAL, LOCAL_ORIGIN, Tenant

_SECRETS = {"POST": Kind.ADD_SECRETS, "PATCH": Kind.CHANGE_SECRETS, "DELETE": Kind.REMOVE_SECRETS}


def follow(written: HookWritten | SecretsWritten, client_id: str, request: HttpRequest) -> None:
    """Tell of what the client of this id wrote with `request`."""
    configured: dict[str, Tenant] = settings.TENANTS
    local = next((tenant for tenant in configured.values() if tenant.is_local), Tenant(LOCAL, LOCAL_ORIGIN))
    change = Change(Kind.SAVE, local, Actor(client_id, address_of(request)), "API client")
    if isinstance(written, SecretsWritten):
        hook = hook_from_json(written.hook)
        changes.emit(replace(_of(change, hook, hook), kind=_SECRETS[written.method], secret_names=written.names))
        return
    before, after = (hook_from_json(data) if data else None for data in (written.before, written.after))
    for kind, name in _kinds(before, after):
        changes.emit(replace(_of(change, before, after), kind=kind, wanted=name))


def _of(change: Change, before: Hook | None, after: Hook | None) -> Change:
    one = before or after
    named = replace(change, hook_id=one.id, name=one.name) if one else change
    return replace(named, before=before, after=after)


def _kinds(before: Hook | None, after: Hook | None) -> list[tuple[Kind, str]]:
    """What became of a hook, since one call can do several things with it; of a new name, the name."""
    if before is None or after is None:
        return [(Kind.DELETE if before else Kind.CREATE, "")]
    differing = differences(before, after)
    found = [(Kind.SAVE, "")] if {"script", "dependencies"} & {*differing} else []
    if "name" in differing:
        found.append((Kind.RENAME, after.name))
    if "enabled" in differing:
        found.append((Kind.ENABLE if after.enabled else Kind.DISABLE, ""))
    return found
