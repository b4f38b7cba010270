"""What came of an application, in words: for the page of an import, and for a terminal."""

from typing import Any

from django.utils import timezone

from hooksui.auth0.errors import SecretExistsError, SecretNotFoundError
from hooksui.runner.redaction import redactor
from hooksui.tenants.config import Tenant
from hooksui.transfer.applying.application import Application
from hooksui.transfer.applying.results import Ending, Result
from hooksui.transfer.planning.plan import Fate, Plan
from hooksui.web.errors import message_of


def outcome_of(tenant: Tenant, plan: Plan, application: Application) -> dict[str, Any]:
    """`ended` says that all of the plan was done, `whole` that it left out nothing of what the files say.

    `untouched` says that nothing was written for sure. `results` has name, ending, steps and a `text` of each hook;
    `left_out` has sentences. `at` is an ISO 8601 time.
    """
    left_out = left_out_of(plan)
    return {
        "at": timezone.now().isoformat(),
        "ended": application.whole,
        "whole": application.whole and not left_out,
        "untouched": not any(result.steps or result.ending == Ending.UNKNOWN for result in application.results),
        "results": [
            {
                "name": result.item.name,
                "ending": result.ending,
                "steps": result.steps,
                "text": _failure_text(tenant, result),
            }
            for result in application.results
        ],
        "left_out": left_out,
    }


def left_out_of(plan: Plan) -> list[str]:
    """What files say and the plan does not do, or may say, where they were not read."""
    said = [f"Nothing was deleted, since {plan.incomplete}."] if plan.held_back else []
    said += [f"{item.source or item.name} was refused: {item.reason}" for item in plan.of(Fate.REFUSE)]
    said += [f"{error.source} was refused: {error.reason}" for error in plan.unreadable]
    for item, name in plan.missing_secrets:
        waits = item.fate != Fate.REFUSE and item.wanted and item.wanted.enabled and not item.enabled
        consequence = ", so the hook was not enabled" if waits else ""
        said.append(f"{item.name} has no secret {name}: there was no value for it{consequence}.")
    return [*said, *map(str, plan.gaps)]


def _failure_text(tenant: Tenant, result: Result) -> str:
    if result.error is None:
        return ""
    # The API's own words may repeat what was sent.
    secrets = result.item.secrets
    remote = redactor(secrets.add | secrets.update)(result.error.remote)
    reason = message_of(result.error, tenant, hook=result.item.name, remote=remote).text
    if result.ending == Ending.DONE:
        return f"It was done, but the answer while {result.trying} was lost: {reason}"
    if isinstance(result.error, SecretExistsError | SecretNotFoundError):
        reason = "Its secrets differ from those in the plan: somebody changed them in the meantime."
    runs = f" ({result.runs})" if result.runs else ""
    return f"It failed while {result.trying}{runs}: {reason}"
