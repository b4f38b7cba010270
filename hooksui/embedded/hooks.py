"""Hooks: what each method of `/api/v2/hooks` does (docs/management-api.md, "Hooks")."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from django.db import IntegrityError, transaction

from hooksui.catalogue import stored_name
from hooksui.embedded.entry import Answer, Call
from hooksui.embedded.errors import ApiError, no_such_hook
from hooksui.embedded.models import Hook
from hooksui.embedded.shapes import FIELDS

# The key order of POST's and PATCH's answers; that of GET is FIELDS.
_WRITTEN_FIELDS = ("id", "name", "script", "dependencies", "triggerId", "enabled")
_COLUMNS = {field: field for field in FIELDS} | {"triggerId": "trigger_id"}
_PER_PAGE = 100
# Databases count rows in 64 bits; nobody has that many hooks.
_LAST_ROW = 2**62


def list_hooks(call: Call) -> Answer:
    """One page of the hooks that the query selects, ordered by id, with or without totals."""
    query = call.query
    chosen = {_COLUMNS[key]: query[key] for key in ("enabled", "triggerId") if key in query}
    hooks = Hook.objects.filter(**chosen)
    per_page, page = query.get("per_page", _PER_PAGE), query.get("page", 0)
    start = page * per_page
    fields = _wanted_fields(query)
    columns = {"id", *(_COLUMNS[field] for field in fields)}
    first = min(start, _LAST_ROW)
    rows = hooks.order_by("id").values(*columns)[first : first + per_page] if per_page else ()
    found = [{field: row[_COLUMNS[field]] for field in fields} for row in rows]
    if not query.get("include_totals"):
        return Answer(200, found)
    total = hooks.count()
    headers = {"Link": _links(call, page, per_page, total)} if per_page else {}
    return Answer(200, {"total": total, "start": start, "limit": per_page, "hooks": found}, headers)


def read_hook(call: Call) -> Answer:
    """One hook, or those of its fields that the query wants."""
    fields = _wanted_fields(call.query)
    row = Hook.objects.filter(pk=call.hook_id).values("id", *(_COLUMNS[field] for field in fields)).first()
    if row is None:
        raise no_such_hook()
    return Answer(200, {field: row[_COLUMNS[field]] for field in fields})


def create_hook(call: Call) -> Answer:
    """A new hook, disabled unless the body enables it, which disables the enabled one of its trigger."""
    hook = Hook()
    _fill(hook, call.body)
    with _unique_name("Hook with the same name already exists."), transaction.atomic():
        if hook.enabled:
            _disable_others(hook)
        hook.save(force_insert=True)
    return Answer(201, _written(hook))


def update_hook(call: Call) -> Answer:
    """Changes what the body names. Enabling a hook disables the enabled one of its trigger, in the same transaction."""
    with _unique_name("A hook with the same name already exists."), transaction.atomic():
        hook = Hook.objects.select_for_update().filter(pk=call.hook_id).first()
        if hook is None:
            raise no_such_hook()
        _fill(hook, call.body)
        if call.body.get("enabled"):
            _disable_others(hook)
        hook.save(update_fields=[_COLUMNS[field] for field in call.body])
    return Answer(200, _written(hook))


def delete_hook(call: Call) -> Answer:
    """Removes a hook and its secrets."""
    with transaction.atomic():
        _, deleted = Hook.objects.filter(pk=call.hook_id).only("pk").delete()
    if not deleted.get(Hook._meta.label):
        raise no_such_hook()
    return Answer(204)


def _fill(hook: Hook, body: Mapping[str, Any]) -> None:
    for field, value in body.items():
        setattr(hook, _COLUMNS[field], stored_name(value) if field == "name" else value)


def _disable_others(hook: Hook) -> None:
    Hook.objects.filter(trigger_id=hook.trigger_id, enabled=True).exclude(pk=hook.pk).update(enabled=False)


@contextmanager
def _unique_name(message: str) -> Iterator[None]:
    # Asking first would cost a query and still leave a gap for a second writer.
    try:
        yield
    except IntegrityError as error:
        raise ApiError(409, message) from error


def _written(hook: Hook) -> dict[str, Any]:
    return {field: getattr(hook, _COLUMNS[field]) for field in _WRITTEN_FIELDS}


def _wanted_fields(query: Mapping[str, Any]) -> list[str]:
    named = query.get("fields", "").split(",") if query.get("fields") else []
    if not named:
        return list(FIELDS)
    return [field for field in FIELDS if (field in named) == query.get("include_fields", True)]


def _links(call: Call, page: int, per_page: int, total: int) -> str:
    """The Link header: as recorded, with the scheme http whatever the call's, and the page as last parameter."""
    kept = [(name, value) for name, value in parse_qsl(call.query_string) if name != "page"]
    last = max(0, (total - 1) // per_page)
    pages = {"first": 0, "last": last}
    if page < last:
        pages["next"] = page + 1
    if page > 0:
        pages["prev"] = min(page - 1, last)
    address = f"http://{quote(call.host, safe=':[]')}{call.path}"
    return ", ".join(
        f'<{address}?{urlencode([*kept, ("page", str(number))], safe=",")}>; rel="{name}"'
        for name, number in pages.items()
    )
