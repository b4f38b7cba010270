"""The token endpoint: client credentials for an access token (docs/management-api.md, "Getting a token")."""

import base64
from dataclasses import dataclass
from urllib.parse import unquote_plus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from hooksui.embedded import clients, entry, incoming, tokens
from hooksui.embedded.entry import Answer
from hooksui.embedded.errors import ApiError, OAuthError, not_found

_HEADERS = {"Content-Type": "application/json", "Cache-Control": "no-store", "Pragma": "no-cache"}


@dataclass(frozen=True)
class _TokenRequest:
    """The parameters of a token request as text; absent ones are empty."""

    grant_type: str = ""
    client_id: str = ""
    client_secret: str = ""
    audience: str = ""
    scope: str = ""


@csrf_exempt
@login_not_required
def token(request: HttpRequest) -> HttpResponse:
    """POST: an access token for the credentials in the form, the JSON body or the Basic header."""

    def handle() -> Answer:
        if request.method != "POST":
            raise not_found()
        return _grant(_read(request), entry.in_process(request))

    too_many = OAuthError(429, "Global limit has been reached", "too_many_requests")
    return entry.serve(request, handle, too_many, _HEADERS)


def _grant(asked: _TokenRequest, in_process: bool) -> Answer:
    if not asked.grant_type:
        raise OAuthError(400, "Missing required parameter: grant_type", "invalid_request")
    if asked.grant_type != "client_credentials":
        raise OAuthError(400, "Grant type not supported", "unsupported_grant_type")
    if not clients.is_known(asked.client_id, asked.client_secret, in_process):
        raise OAuthError(401, "Unauthorized", "access_denied")
    if not asked.audience:
        reason = "No audience parameter was provided, and no default audience has been configured."
        raise OAuthError(403, reason, "access_denied")
    if not tokens.is_audience(asked.audience):
        raise OAuthError(403, f"Service not enabled within domain: {asked.audience}", "access_denied")
    wanted = asked.scope.split() or tokens.SCOPES
    scope = " ".join(each for each in tokens.SCOPES if each in wanted)
    return Answer(
        200,
        {
            "access_token": tokens.issue(asked.client_id, asked.audience, scope),
            "scope": scope,
            "expires_in": tokens.LIFETIME,
            "token_type": "Bearer",
        },
    )


def _read(request: HttpRequest) -> _TokenRequest:
    try:
        given = incoming.read_parameters(request)
    except ApiError as error:
        raise OAuthError(error.status, error.message, "invalid_request") from error
    if not isinstance(given, dict):
        raise OAuthError(400, "The parameters are not an object", "invalid_request")
    known = {name: given[name] for name in _TokenRequest.__dataclass_fields__ if name in given}
    for name, value in known.items():
        if not isinstance(value, str):
            raise OAuthError(400, f"The parameter {name} is not one string", "invalid_request")
    return _TokenRequest(**{**known, **_basic_credentials(request)})


def _basic_credentials(request: HttpRequest) -> dict[str, str]:
    """Id and secret from HTTP Basic, each percent-encoded (RFC 6749, section 2.3.1); nothing where there are none."""
    scheme, _, encoded = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client_id, _, client_secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": unquote_plus(client_id), "client_secret": unquote_plus(client_secret)}
