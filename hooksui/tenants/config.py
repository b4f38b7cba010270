"""Tenants as the environment configures them: which there are, where their API is, with which credentials."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hooksui import env

LOCAL = "local"
# The embedded Management API has no address; this one never leaves the process (RFC 6761: .invalid resolves nowhere).
LOCAL_ORIGIN = "http://local.invalid"
_CREDENTIALS = ("AUTH0_TOKEN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET")
# Where black and white contrast equally: (1.05 / 0.05) ** 0.5 : 1 each.
_MIDDLE_LUMINANCE = (1.05 * 0.05) ** 0.5 - 0.05
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Tenant:
    """One tenant. `origin` is `scheme://host[:port]`; either `token` or `client_id` and `client_secret` are set.

    `prefix` stands before the names of its variables (`ACME_DEV_`, "" for the only one), for messages that name them.
    `color` is `#rrggbb`, or "" where the tenant has none; pages show it so that nobody mistakes one tenant for another.
    The embedded tenant, `is_local`, has no credentials here: its adapter knows them.
    """

    slug: str
    origin: str
    prefix: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    color: str = ""

    @property
    def is_local(self) -> bool:
        """Whether the embedded Management API serves this tenant."""
        return self.origin == LOCAL_ORIGIN

    @property
    def host(self) -> str:
        """The host, with its port if it has one, as messages show it."""
        return self.slug if self.is_local else urlsplit(self.origin).netloc

    @property
    def on_color(self) -> str:
        """Black or white, whichever is easier to read on `color`: at least 4.58 : 1 (WCAG 2.2, contrast ratio)."""
        return "#000000" if _luminance(self.color) > _MIDDLE_LUMINANCE else "#ffffff"

    @property
    def variables(self) -> str:
        """The names of the variables that hold its credentials, as messages show them."""
        used = ["AUTH0_TOKEN"] if self.token else ["AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"]
        return " and ".join(self.prefix + name for name in used)


def read_tenants() -> dict[str, Tenant]:
    """The tenants by slug, in the order of TENANTS; the embedded `local` alone where none is configured.

    Raises `env.SettingError` naming the variable that is missing or wrong.
    """
    if not env.text("TENANTS"):
        return _only_tenant()
    slugs = env.names("TENANTS")
    if not slugs:
        env.bad("TENANTS", "names no tenant.")
    for name in ("AUTH0_DOMAIN", *_CREDENTIALS):
        if env.text(name):
            env.bad("TENANTS", f"set either TENANTS or {name}, not both; with TENANTS it needs a prefix.")
    tenants: dict[str, Tenant] = {}
    for slug in slugs:
        if not _SLUG.fullmatch(slug):
            env.bad("TENANTS", f"{slug!r} is not made of lower-case letters, digits and single hyphens.")
        if slug in tenants:
            env.bad("TENANTS", f"{slug!r} appears twice.")
        tenants[slug] = _tenant(slug, slug.upper().replace("-", "_") + "_")
    return tenants


def _only_tenant() -> dict[str, Tenant]:
    origin = env.origin("AUTH0_DOMAIN")
    if not origin:
        for name in _CREDENTIALS:
            if env.text(name):
                env.bad("AUTH0_DOMAIN", f"must be set together with {name}.")
        return {LOCAL: Tenant(LOCAL, LOCAL_ORIGIN)}
    host = urlsplit(origin).netloc
    # Auth0's own domains are TENANT[.REGION].auth0.com; of any other host the whole name says which tenant it is.
    name = host.split(".")[0] if host.endswith(".auth0.com") else host
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return {slug: _tenant(slug, "")}


def _tenant(slug: str, prefix: str) -> Tenant:
    domain = prefix + "AUTH0_DOMAIN"
    origin = env.origin(domain)
    # Without a prefix it would be COLOR, which other programs have taken.
    color = env.color(prefix + "COLOR") if prefix else ""
    if not origin:
        if slug == LOCAL:
            return Tenant(LOCAL, LOCAL_ORIGIN, color=color)
        env.bad(domain, f"is needed for the tenant {slug}, for example {slug}.eu.auth0.com.")
    token = env.text(prefix + "AUTH0_TOKEN")
    client_id, client_secret = env.text(prefix + "AUTH0_CLIENT_ID"), env.text(prefix + "AUTH0_CLIENT_SECRET")
    if token and (client_id or client_secret):
        env.bad(prefix + "AUTH0_TOKEN", "set either the token or the client's id and secret, not both.")
    if not token:
        for name, value in (("AUTH0_CLIENT_ID", client_id), ("AUTH0_CLIENT_SECRET", client_secret)):
            if not value:
                env.bad(prefix + name, f"is needed for the tenant {slug} (or {prefix}AUTH0_TOKEN instead).")
    for name, value in (("AUTH0_TOKEN", token), ("AUTH0_CLIENT_ID", client_id), ("AUTH0_CLIENT_SECRET", client_secret)):
        if value and not (value.isascii() and value.isprintable() and " " not in value):
            env.bad(prefix + name, "has a character that credentials cannot have, such as a space.")
    return Tenant(slug, origin, prefix, client_id, client_secret, token, color)


def _luminance(color: str) -> float:
    """The relative luminance of `#rrggbb`, from 0 to 1 (WCAG 2.2, relative luminance)."""
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
