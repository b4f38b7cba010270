"""Access tokens: signed JWTs as Auth0 issues them (docs/management-api.md, "Getting a token")."""

import base64
import hashlib
import json
import re
import time
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http.request import split_domain_port, validate_host
from jwt.algorithms import RSAAlgorithm

from hooksui.data_dir import files
from hooksui.embedded.errors import ApiError

LIFETIME = 86_400  # seconds
SCOPES = ("read:hooks", "create:hooks", "update:hooks", "delete:hooks")
_AUDIENCE = re.compile(r"https?://([^\s/?#@]+)/api/v2/")


@dataclass(frozen=True)
class _Signer:
    private_key: RSAPrivateKey
    public_key: RSAPublicKey
    key_id: str


def is_audience(audience: str) -> bool:
    """Whether `audience` is the identifier of this Management API: `https://host/api/v2/` with its trailing slash.

    The host is one by which this server is called, with any port, since a proxy may stand before it.
    """
    found = _AUDIENCE.fullmatch(audience)
    host = split_domain_port(found[1])[0] if found else ""
    return bool(host) and validate_host(host, [*settings.ALLOWED_HOSTS, settings.LOCAL_API_HOST])


def issue(client_id: str, audience: str, scope: str) -> str:
    """A signed token for the client. `scope` holds the granted scopes, parted by blanks."""
    issued_at = int(time.time())
    claims = {
        "iss": _issuer(audience),
        "sub": f"{client_id}@clients",
        "aud": audience,
        "iat": issued_at,
        "exp": issued_at + LIFETIME,
        "azp": client_id,
        "scope": scope,
        "gty": "client-credentials",
    }
    signer = _signer(settings.DATA_DIR)
    return jwt.encode(claims, signer.private_key, algorithm="RS256", headers={"kid": signer.key_id})


def _issuer(audience: str) -> str:
    """Who issues the tokens of an API: the tenant that it belongs to."""
    return audience.removesuffix("api/v2/")


def granted_scopes(authorization: str, client_id: str) -> list[str]:
    """The scopes that an Authorization header grants, if its token was issued to `client_id`.

    Raises ApiError 400 or 401 as Auth0 does (docs/management-api.md, "Errors").
    """
    scheme, _, token = authorization.strip().partition(" ")
    if scheme.lower() != "bearer":
        raise ApiError(401, "Missing authentication")
    if not re.fullmatch(r"[^\s.]+\.[^\s.]+\.[^\s.]+", token.strip()):
        raise ApiError(400, "Bad HTTP authentication header format", "Bearer")
    try:
        claims = _verified(settings.DATA_DIR, token.strip())
    except (jwt.InvalidTokenError, RecursionError) as error:
        raise _refused("Invalid token") from error
    if claims["exp"] <= time.time():
        raise _refused("Expired token received for JSON Web Token validation")
    audience = str(claims["aud"])
    if claims["azp"] != client_id or not is_audience(audience) or claims["iss"] != _issuer(audience):
        raise _refused("Invalid token")
    return str(claims["scope"]).split()


@lru_cache(maxsize=256)
def _verified(data_dir: Path, token: str) -> dict[str, Any]:
    """The claims of a token with a good signature, which is checked once a token; whether it expired, at each call."""
    claims: dict[str, Any] = jwt.decode(
        token,
        _signer(data_dir).public_key,
        algorithms=["RS256"],
        options={"require": ["exp", "iat", "iss", "aud", "azp", "scope"], "verify_aud": False, "verify_exp": False},
    )
    return claims


def _refused(message: str) -> ApiError:
    return ApiError(401, message, attributes={"error": message})


@cache
def _signer(data_dir: Path) -> _Signer:
    text = files.read(data_dir, files.SIGNING_KEY)
    if not text:
        raise ImproperlyConfigured(f"{data_dir / files.SIGNING_KEY} has no key. Run `manage.py bootstrap`.")
    private_key = load_pem_private_key(text.encode("ascii"), password=None)
    if not isinstance(private_key, RSAPrivateKey):
        raise ImproperlyConfigured(f"{data_dir / files.SIGNING_KEY} is not an RSA key.")
    public_key = private_key.public_key()
    return _Signer(private_key, public_key, _thumbprint(public_key))


def _thumbprint(public_key: RSAPublicKey) -> str:
    """The key's SHA-256 thumbprint (RFC 7638), the same at each start."""
    jwk = RSAAlgorithm.to_jwk(public_key, as_dict=True)
    members = json.dumps({name: jwk[name] for name in ("e", "kty", "n")}, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(members.encode()).digest()).decode().rstrip("=")
