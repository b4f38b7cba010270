"""Reads what a request brings: its query and its body, as JSON values that shapes can be checked against."""

import json
import re
from contextlib import suppress
from typing import Any, NoReturn
from urllib.parse import parse_qs

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from hooksui.embedded.checker import Shape
from hooksui.embedded.errors import ApiError

_FORM = "application/x-www-form-urlencoded"
_BOOLEANS = {"true": True, "false": False}
# Longer ones stay text and are refused as such; converting them would cost more than they are worth.
_INTEGER = re.compile(r"-?[0-9]{1,100}")
_CHUNK = 65_536  # bytes
_DISCARDED_CHUNKS = 256


def read_query(request: HttpRequest, shape: Shape) -> dict[str, Any]:
    """The query's parameters, turned into the types that `shape` wants where their text allows it.

    One that is given twice becomes a list, which no shape takes.
    """
    return _typed(request.META.get("QUERY_STRING", ""), shape)


def read_body(request: HttpRequest, shape: Shape) -> Any:
    """The body as a JSON value, or a form typed by `shape`. An empty body is null.

    Raises ApiError 400 where it is not JSON and 413 where it is larger than DATA_UPLOAD_MAX_MEMORY_SIZE.
    """
    content = _text(request)
    if _is_form(request):
        return _typed(content, shape)
    return _from_json(content) if content else None


def read_parameters(request: HttpRequest) -> Any:
    """The body of a token request: a form, or any JSON value. Raises ApiError as `read_body` does."""
    return read_body(request, Shape("object"))


def discard_body(request: HttpRequest) -> None:
    """Read what a refused call still sends, up to 16 MiB: its client would see a broken connection, not the answer."""
    with suppress(UnreadablePostError):
        for _ in range(_DISCARDED_CHUNKS):
            if not request.read(_CHUNK):
                return


def _is_form(request: HttpRequest) -> bool:
    return str(request.META.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower() == _FORM


def _from_json(content: str) -> Any:
    try:
        return json.loads(content, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _not_json() from error


def _not_json() -> ApiError:
    return ApiError(400, "Invalid request payload JSON format", "invalid_body")


def _text(request: HttpRequest) -> str:
    try:
        return request.body.decode()
    except RequestDataTooBig as error:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raise ApiError(413, f"Payload content length greater than maximum allowed: {most}") from error
    except (UnicodeDecodeError, UnreadablePostError) as error:
        raise _not_json() from error


def _typed(encoded: str, shape: Shape) -> dict[str, Any]:
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    try:
        given = parse_qs(encoded, keep_blank_values=True, max_num_fields=most)
    except ValueError as error:
        raise ApiError(400, f"More than {most} parameters") from error
    return {
        name: values if len(values) > 1 else _as(shape.known.get(name), values[0]) for name, values in given.items()
    }


def _as(shape: Shape | None, text: str) -> Any:
    if shape and shape.type == "boolean":
        return _BOOLEANS.get(text, text)
    if shape and shape.type == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    return text


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
