"""What can go wrong between a client and the Management API: facts only, no sentences.

Each class asks a person for another next step. How answers are told apart follows the Management API's error envelope
(`statusCode`, `error`, `message`, optional `errorCode`): the code before the status.
"""


class ApiError(Exception):
    """Base class, and the error of an answer whose meaning the resource in question knows.

    `status`, `code` and `remote` are the API's HTTP status, `errorCode` and message where it answered, else 0 and "".
    """

    def __init__(self, *, status: int = 0, code: str = "", remote: str = "") -> None:
        super().__init__(f"{type(self).__name__} {status} {remote}".strip())
        self.status = status
        self.code = code
        self.remote = remote


class UnreachableError(ApiError):
    """No connection came about; `reason` says why in a few words. Nothing was changed."""

    def __init__(self, reason: str, *, timed_out: bool = False) -> None:
        super().__init__()
        self.reason = reason
        self.timed_out = timed_out


class NoAnswerError(ApiError):
    """The request went out and no whole answer came back: a write may or may not have been done.

    `reason` completes a sentence about the host. `lost` says that the connection was closed.
    """

    def __init__(self, reason: str, *, lost: bool = False, timed_out: bool = False) -> None:
        super().__init__()
        self.reason = reason
        self.lost = lost
        self.timed_out = timed_out


class TokenRejectedError(ApiError):
    """The API takes neither the token nor the client's credentials (401, or an error of `/oauth/token`)."""


class MissingScopeError(ApiError):
    """403: the token lacks `scope` (several are joined by commas, any of them would do)."""

    def __init__(self, scope: str, *, status: int = 403, remote: str = "") -> None:
        super().__init__(status=status, remote=remote)
        self.scope = scope


class NotPermittedError(ApiError):
    """403 for another reason, which `remote` names: a firewall, an access list, a limit of the tenant."""


class RateLimitedError(ApiError):
    """429: the tenant accepts no more requests for `seconds`."""

    def __init__(self, seconds: int, *, status: int = 429, remote: str = "") -> None:
        super().__init__(status=status, remote=remote)
        self.seconds = seconds


class HookNotFoundError(ApiError):
    """404: the tenant has no hook of this id (any more)."""


class NameTakenError(ApiError):
    """409: another hook of the tenant has this name."""


class SecretExistsError(ApiError):
    """409: the hook has a secret of this name."""


class SecretNotFoundError(ApiError):
    """404: the hook has no secret of this name (any more)."""


class MaskSentError(ApiError):
    """The mask that the API shows in place of a value was to be written as a value. Nothing was sent."""


class RefusedError(ApiError):
    """400: the API refused what was sent; `remote` has its reason."""


class FeatureRefusedError(ApiError):
    """The tenant refuses the operation as such. Raised as one of its two subclasses once it is known which."""


class ScriptsReadOnlyError(FeatureRefusedError):
    """The tenant lists its hooks but takes no changes to scripts and no new hooks (real tenants since 2024-11-18)."""


class HooksGoneError(FeatureRefusedError):
    """The tenant has no Hooks any more (real tenants since 2026-11-18)."""


class OddAnswerError(ApiError):
    """An answer nobody can use: a 5xx, a redirect, no JSON, or JSON of another shape."""
