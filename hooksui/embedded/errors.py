"""Refusals of the embedded Management API, and the two shapes in which they leave."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

# Python 3.13 renamed it; the API did not.
_PHRASES = {413: "Request Entity Too Large"}


@dataclass(eq=False)
class ApiError(Exception):
    """A refusal. It leaves in the Management API's envelope (docs/management-api.md, "Errors").

    `attributes` replaces the error code in refusals of a token; `headers` are sent with the answer.
    """

    status: int
    message: str
    error_code: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The envelope, its keys in the recorded order; what is empty is left out."""
        envelope: dict[str, Any] = {
            "statusCode": self.status,
            "error": _PHRASES.get(self.status) or HTTPStatus(self.status).phrase,
            "message": self.message,
        }
        if self.error_code:
            envelope["errorCode"] = self.error_code
        if self.attributes:
            envelope["attributes"] = self.attributes
        return envelope


@dataclass(eq=False)
class OAuthError(ApiError):
    """A refusal of the token endpoint: `error_code` is OAuth's `error`, `message` its description."""

    def body(self) -> dict[str, Any]:
        """The OAuth shape (docs/management-api.md, "Getting a token")."""
        return {"error": self.error_code, "error_description": self.message}


def not_found() -> ApiError:
    """404 of a path or method that the API does not have."""
    return ApiError(404, "Not Found")
