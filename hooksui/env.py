"""Typed reading of environment variables; a bad value ends the start with one line that names the variable.

Every reader takes the variable's name, so that the line can name it. `SettingError` is a `SystemExit`: whichever
program reads the settings (manage.py, gunicorn, a test) prints the line and ends with status 1, without a traceback.
"""

import ipaddress
import json
import os
import re
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

# Labels of a name, or an IPv6 address without its brackets.
_HOST = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*|[0-9a-f:.]*:[0-9a-f:.]*[0-9a-f]")


class SettingError(SystemExit):
    """A setting has a value that cannot be used. The text is one line that names the variable."""


def bad(name: str, problem: str) -> NoReturn:
    """Raise `SettingError` for the variable `name`; `problem` says what is wrong and what would be right."""
    raise SettingError(f"hooksui: {name}: {problem}")


def read_dotenv(path: Path) -> None:
    """Add the variables of a `.env` file to the environment; those that are set already win."""
    if not path.is_file():
        return
    # Every start reads the settings, and few have such a file.
    import environ

    try:
        environ.Env.read_env(path, encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SettingError(f"hooksui: {path} is not encoded in UTF-8.") from None


def text(name: str, default: str = "") -> str:
    """The variable without surrounding white space; `default` when it is unset or blank."""
    # Not with django-environ, which takes a value that begins with $ for the name of another variable.
    value = os.environ.get(name, "").strip()
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        bad(name, "is not encoded in UTF-8.")
    return value or default


def integer(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number from `least` to `most`, both included."""
    value = text(name)
    if not value:
        return default
    if not (re.fullmatch(r"[0-9]{1,18}", value) and least <= int(value) <= most):
        bad(name, f"{value!r} is not a whole number from {least} to {most}.")
    return int(value)


def choice(name: str, options: tuple[str, ...]) -> str:
    """One of `options`; the first is the default."""
    value = text(name, options[0])
    if value not in options:
        bad(name, f"{value!r} is not one of {', '.join(options)}.")
    return value


def color(name: str) -> str:
    """A colour written `#d74105` or `#d41`, as its six lower-case hexadecimal digits behind `#`; "" when unset."""
    value = text(name).lower()
    if value and not re.fullmatch("#([0-9a-f]{3}|[0-9a-f]{6})", value):
        bad(name, f"{value!r} is not a colour such as #d74105.")
    return value if len(value) != 4 else "#" + "".join(digit * 2 for digit in value[1:])


def names(name: str) -> list[str]:
    """A comma-separated list without its blanks; empty when unset."""
    return [item for item in (part.strip() for part in text(name).split(",")) if item]


def hosts(name: str) -> list[str]:
    """A comma-separated list of hosts (names or addresses, IPv6 in brackets), each perhaps with a port."""
    found = [entry.lower() for entry in names(name)]
    for entry in found:
        host, port = split_port(entry)
        known = _is_ipv6(host) if entry.startswith("[") else _HOST.fullmatch(host)
        in_range = re.fullmatch("[1-9][0-9]{0,4}", port) and int(port) < 2**16
        if not known or entry.endswith(":") or (port and not in_range):
            bad(name, f"{entry!r} is not a host such as crm.acme.example, 203.0.113.9:8443 or [2001:db8::1].")
    return found


def mapping(name: str) -> dict[str, Any]:
    """A JSON object; empty when unset."""
    value = text(name)
    try:
        found = json.loads(value or "{}")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        # Not the value, which may hold secrets.
        bad(name, 'is not a JSON object such as {"ENVIRONMENT": "production"}.')
    return found


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return "%" not in text  # a zone is of this machine only


def split_port(entry: str) -> tuple[str, str]:
    """The host of `host`, `host:port` or `[address]:port`, without brackets, and the port; "" where there is none."""
    match = re.fullmatch(r"\[(.*)\](?::(.*))?|([^:]*)(?::(.*))?", entry)
    if match is None:
        return entry, ""
    return match[1] or match[3] or "", match[2] or match[4] or ""


def origin(name: str) -> str:
    """A host (`acme.eu.auth0.com` means `https://`) or a whole origin, as `scheme://host[:port]`; "" when unset."""
    value = text(name)
    if not value:
        return ""
    address = value if "://" in value else f"https://{value}"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        bad(name, f"{value!r} is not a host or an origin.")
    plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username or parts.password)
    host = parts.hostname or ""
    if parts.scheme not in ("http", "https") or not plain or not _HOST.fullmatch(host) or port == 0:
        bad(name, f"{value!r} is not a host (acme.eu.auth0.com) or an origin (https://auth0.acme.example:8443).")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port else "")
