"""The sentences for failures of a tenant's Management API: one table, in the words of the copy deck.

A message has up to three parts: what happened, what was kept (only where a person had typed something), what to do.
"""

import logging
from dataclasses import dataclass

from hooksui.auth0.errors import (
    ApiError,
    HookNotFoundError,
    HooksGoneError,
    MaskSentError,
    MissingScopeError,
    NameTakenError,
    NoAnswerError,
    NotPermittedError,
    OddAnswerError,
    RateLimitedError,
    RefusedError,
    ScriptsReadOnlyError,
    SecretExistsError,
    SecretNotFoundError,
    TokenRejectedError,
    UnreachableError,
)
from hooksui.hooks.errors import BusyError, ChangedMeanwhileError, NotCreatedError, NotDoneError, NotKnownError
from hooksui.tenants.config import Tenant
from hooksui.web import logs

log = logging.getLogger(__name__)

_KEPT = "What you typed is still here."
_LOOK = "We checked, and got no answer to that either. Check the list before you try again."


@dataclass(frozen=True)
class _Words:
    """`kept` and `unknown` stand only in answers to a form; `kind` is the word that scripts act on."""

    status: int
    kind: str
    happened: str
    kept: str
    advice: str


_WORDS: dict[type[ApiError], _Words] = {
    UnreachableError: _Words(
        502,
        "unreachable",
        "{host} cannot be reached ({reason}).",
        "Nothing was changed, and what you typed is still here.",
        "Check the tenant's domain and this server's network, then try again.",
    ),
    NoAnswerError: _Words(
        504,
        "no-answer",
        "{host} {reason}{unknown}.",
        f"{_KEPT} Reload the list to see, then try again.",
        "",
    ),
    NotCreatedError: _Words(504, "no-answer", "{trouble}. We checked: {hook} does not exist.", _KEPT, "Try again."),
    NotDoneError: _Words(504, "no-answer", "{trouble}. We checked: it has not been done so far.", _KEPT, "Try again."),
    NotKnownError: _Words(504, "no-answer", "{trouble}, so we do not know whether it was {doing}.", _KEPT, "{looked}"),
    BusyError: _Words(
        409,
        "busy",
        "Somebody else is changing this on {tenant} right now, and it is taking a long time.",
        "Nothing was changed, and what you typed is still here.",
        "Wait a minute, check what is there, then try again.",
    ),
    ChangedMeanwhileError: _Words(
        409,
        "changed",
        "Somebody changed {hook} in the meantime. It was left as it is.",
        "",
        "Look at it, then try again.",
    ),
    TokenRejectedError: _Words(
        502,
        "token-rejected",
        "{tenant} does not accept this dashboard's token.",
        "Nothing was changed, and what you typed is still here.",
        "Ask an admin to check {variables} for this tenant.",
    ),
    MissingScopeError: _Words(
        403,
        "missing-scope",
        "This needs the scope {scope}.",
        _KEPT,
        "Grant it to the dashboard's application for the Auth0 Management API, then try again.",
    ),
    NotPermittedError: _Words(403, "not-permitted", "{tenant} does not permit this: {remote}", _KEPT, ""),
    RateLimitedError: _Words(
        429,
        "rate-limited",
        "{tenant} accepts no more requests for {seconds}.",
        _KEPT,
        "Try again then.",
    ),
    HookNotFoundError: _Words(
        404,
        "hook-gone",
        "{hook} is no longer on {tenant}. Someone may have deleted it.",
        "Your code is still in the editor: download it or create a hook with it.",
        "",
    ),
    NameTakenError: _Words(409, "name-taken", "{tenant} already has a hook named {hook}.", "", "Choose another name."),
    SecretExistsError: _Words(409, "secret-exists", "{key} already exists.", "", "Use Change to set a new value."),
    SecretNotFoundError: _Words(404, "secret-gone", "{hook} no longer has a secret {key}.", "", "Add it again."),
    MaskSentError: _Words(
        400, "mask", "This is the text Auth0 shows in place of a value.", "", "Enter the value itself."
    ),
    RefusedError: _Words(400, "refused", "{tenant} refused this: {remote}", _KEPT, ""),
    HooksGoneError: _Words(410, "gone", "{tenant} no longer has Hooks. Nothing can be changed there.", _KEPT, ""),
    ScriptsReadOnlyError: _Words(
        403,
        "read-only",
        "{tenant} no longer accepts changes to hook scripts.",
        _KEPT,
        "Enabling, disabling and secrets still work. To change what runs, move the hook to an Action.",
    ),
    OddAnswerError: _Words(
        502,
        "odd-answer",
        "{tenant} gave an answer we cannot use ({status}).",
        _KEPT,
        "Try again; if this keeps happening, give your admin the number {request}.",
    ),
}


@dataclass(frozen=True)
class Message:
    """What a page says of a failure: HTTP status, the word for scripts, the sentences, seconds to wait (0: none)."""

    status: int
    kind: str
    text: str
    seconds: int = 0


def message_of(
    error: ApiError,
    tenant: Tenant,
    *,
    hook: str = "This hook",
    key: str = "A secret",
    typed: bool = False,
    remote: str = "",
) -> Message:
    """The message for `error`.

    `hook` and, of a secret, `key` are the names to speak of; `typed` says that a form was sent and is kept. `remote`
    stands for the API's own words where they may not be repeated as they are.
    """
    words = _WORDS[type(error)]
    # Neither the API's message nor a body: they may repeat what was sent, and that may be a secret.
    log.warning("%s: %s, status %d", tenant.slug, type(error).__name__, error.status)
    seconds = getattr(error, "seconds", 0)
    facts = {
        "tenant": tenant.slug,
        "host": tenant.host,
        "variables": tenant.variables,
        "hook": hook,
        "key": key,
        "request": logs.current_request.get(),
        "status": error.status or "no status",
        "remote": remote or error.remote or "no reason given.",
        "unknown": ", so we do not know whether it took the change" if typed else "",
        "reason": getattr(error, "reason", ""),
        **_unclear_facts(error, tenant),
        "scope": getattr(error, "scope", ""),
        "seconds": f"{seconds} second" + ("" if seconds == 1 else "s"),
    }
    # What was lost was the tenant's answer, or it was none.
    status = 502 if isinstance(getattr(error, "cause", None), OddAnswerError) else words.status
    parts = (words.happened, words.kept if typed else "", words.advice)
    return Message(status, words.kind, " ".join(part for part in parts if part).format(**facts), seconds)


def _unclear_facts(error: ApiError, tenant: Tenant) -> dict[str, str]:
    """The words for a write without a clear answer."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, NoAnswerError):
        trouble = f"{tenant.host} {cause.reason}"
    else:
        trouble = f"{tenant.slug} gave an answer we cannot use ({error.status or 'no status'})"
    looked = "Its value cannot be read. Set it again to be sure." if getattr(error, "hidden", False) else _LOOK
    return {"trouble": trouble, "doing": getattr(error, "doing", ""), "looked": looked}
