"""What queries of all resources have in common: pages of a list with or without totals, and a choice of fields."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from django.db.models import QuerySet

from hooksui.embedded.checker import Shape
from hooksui.embedded.entry import Answer, Call

PAGING: Mapping[str, Shape] = {
    "page": Shape("integer", "Page index of the results to return. First page is 0.", least=0),
    "per_page": Shape("integer", "Number of results per page.", least=0, most=100),
    "include_totals": Shape(
        "boolean",
        "Return results inside an object that contains the total result count (true) or as a direct array of "
        "results (false, default).",
    ),
}
_PER_PAGE = 100
# Databases count rows in 64 bits; nobody has that many.
_LAST_ROW = 2**62


def choice_of(fields: tuple[str, ...]) -> Mapping[str, Shape]:
    """The parameters that choose among `fields`."""
    names = "|".join(f"({name})" for name in fields)
    return {
        "fields": Shape(
            "string",
            "Comma-separated list of fields to include in the result. Leave empty to retrieve all fields.",
            pattern=f"^(({names})(,({names}))*)?$",
            pattern_hint=f"Must be a comma separated list of the following values: {','.join(fields)}",
        ),
        "include_fields": Shape("boolean"),
    }


def chosen(query: Mapping[str, Any], fields: tuple[str, ...]) -> list[str]:
    """Those of `fields` that `query` wants, in their order."""
    named = query.get("fields", "").split(",") if query.get("fields") else []
    if not named:
        return list(fields)
    return [field for field in fields if (field in named) == query.get("include_fields", True)]


def page_of(call: Call, name: str, rows: QuerySet[Any, Any], shown: Callable[[Any], Any]) -> Answer:
    """The page of `rows`, in their order, that the query asks for, each as `shown`; with totals, under `name`.

    The answer with totals links to the other pages.
    """
    per_page = call.query.get("per_page", _PER_PAGE)
    first = min(call.query.get("page", 0) * per_page, _LAST_ROW)
    found = [shown(row) for row in (rows[first : first + per_page] if per_page else ())]
    if not call.query.get("include_totals"):
        return Answer(200, found)
    total = rows.count()
    headers = {"Link": _links(call, call.query.get("page", 0), per_page, total)} if per_page else {}
    return Answer(200, with_totals(call, name, found, total), headers)


def with_totals(call: Call, name: str, found: list[Any], total: int) -> dict[str, Any]:
    """A page with totals: what was `found` under `name`, of `total` in all."""
    per_page = call.query.get("per_page", _PER_PAGE)
    return {"total": total, "start": call.query.get("page", 0) * per_page, "limit": per_page, name: found}


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
