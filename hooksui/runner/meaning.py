"""What the answer of a hook would do at Auth0 (docs/runtime.md, "Extensibility points"), in sentences."""

import json
from typing import Any

from hooksui import catalogue
from hooksui.runner.outcome import Effect, Ending, Outcome

_MAX = 100  # sentences; nobody reads more

# Endings that are neither the hook's nor Auth0's doing.
_OURS = {
    Ending.DENIED: "The Runner does not allow what the hook asked for",
    Ending.STOPPED: "The run was stopped",
    Ending.MEMORY_LIMIT: "This limit is the Runner's",
    Ending.OUTPUT_LIMIT: "This limit is the Runner's",
}
# Of an absolute address: its protocol with the colon, and its host.
Addresses = dict[str, dict[str, str]]


def meaning_of(trigger: str, payload: str, outcome: Outcome, addresses: Addresses) -> list[Effect]:
    """What `outcome` would mean for the login. `addresses` has the names in the result that are absolute addresses."""
    effects = _effects(trigger, payload, outcome, addresses)
    if len(effects) > _MAX:
        effects[_MAX:] = [Effect(f"And {len(effects) - _MAX} more like these.", ignored=effects[-1].ignored)]
    return effects


def _effects(trigger: str, payload: str, outcome: Outcome, addresses: Addresses) -> list[Effect]:
    rules = catalogue.points()[trigger].contract["meaning"]
    if outcome.ending in _OURS:
        return [Effect(f"{_OURS[outcome.ending]}: what the hook would answer at Auth0 is not known.")]
    if outcome.ending not in (Ending.OK, Ending.ERROR):
        return [Effect(rules["no_answer"])]
    if rules["result"] == "token":
        return _token(rules, payload, outcome.result, addresses) if outcome.ok else [_refusal(rules, outcome)]
    if rules["result"] == "user":
        return _user(rules, outcome.result) if outcome.ok else _no_user(rules, outcome)
    return [Effect(rules["ok"] if outcome.ok else rules["failed"])]


def _token(rules: dict[str, Any], payload: str, result: Any, addresses: Addresses) -> list[Effect]:
    if not isinstance(result, dict):
        return [Effect("The token has no scopes. What an answer without an object does is not documented.")]
    effects = [*_scopes(json.loads(payload, parse_int=float), result)]
    claims = {name: None for name in result if name in addresses and not _owner(rules, addresses[name])}
    if claims:
        effects.append(Effect(f"Claims added: {', '.join(claims)}."))
    for name in result:
        if name == "scope" or name in claims:
            continue
        if name in addresses and addresses[name]["protocol"] in ("http:", "https:"):
            effects.append(Effect(f"{name} is ignored: {_owner(rules, addresses[name])} is Auth0's own.", ignored=True))
        else:
            effects.append(Effect(f"{name} is ignored: a claim's name is an http: or https: address.", ignored=True))
    return effects


def _scopes(payload: Any, result: dict[str, Any]) -> list[Effect]:
    if "scope" not in result:
        return [Effect("The token has no scopes: a result without scope removes all of them.")]
    scopes = result["scope"]
    if not isinstance(scopes, list):
        return [Effect("What happens when scope is not an array is not documented.")]
    before = payload.get("scope") or []
    names = [str(scope) for scope in scopes]
    effects = [Effect(f"The token has the scopes {', '.join(names)}." if names else "The token has no scopes.")]
    if lost := [str(scope) for scope in before if scope not in scopes]:
        effects.append(Effect(f"Scopes removed: {', '.join(lost)}."))
    if new := [str(scope) for scope in scopes if scope not in before]:
        effects.append(Effect(f"Scopes added: {', '.join(new)}."))
    return effects


def _owner(rules: dict[str, Any], address: dict[str, str]) -> str:
    """Why an address is no claim: the domain of Auth0's that it belongs to, or a protocol of another kind."""
    if address["protocol"] not in ("http:", "https:"):
        return address["protocol"]
    host = address["host"]
    return next((own for own in rules["own_domains"] if host == own or host.endswith(f".{own}")), "")


def _refusal(rules: dict[str, Any], outcome: Outcome) -> Effect:
    error = outcome.error or {}
    answer = rules["refusals"].get(error["name"], rules["refusal"])
    return Effect(f"Denied with {answer['error']} (HTTP {answer['status']}): {error['message']}")


def _user(rules: dict[str, Any], result: Any) -> list[Effect]:
    effects = [Effect("The user is created.")]
    if not isinstance(result, dict):
        return effects
    user = result.get("user")
    given = user if isinstance(user, dict) else {}
    for name in rules["metadata"]:
        metadata = given.get(name)
        if not isinstance(metadata, dict):
            continue
        bad = [key for key in metadata if "." in key or key.startswith("$")]
        if good := [key for key in metadata if key not in bad]:
            effects.append(Effect(f"{name} added: {', '.join(good)}."))
        effects += [
            Effect(f"{name}.{key} is invalid: a name has no dot and does not start with $.", ignored=True)
            for key in bad
        ]
    known = " and ".join(rules["metadata"])
    others = [f"user.{name}" for name in given if name not in rules["metadata"]]
    others += [name for name in result if name != "user" or not isinstance(user, dict)]
    return effects + [Effect(f"{name} is ignored: only {known} of user are used.", ignored=True) for name in others]


def _no_user(rules: dict[str, Any], outcome: Outcome) -> list[Effect]:
    error = outcome.error or {}
    effects = [Effect("The sign-up is refused.")]
    if error["name"] != rules["friendly"]:
        return [
            *effects,
            Effect(f"Nobody sees the message: only that of a {rules['friendly']} is shown.", ignored=True),
        ]
    return [
        *effects,
        Effect(f"Tenant log: {error['message']}"),
        Effect(f"Shown to the user (New Universal Login): {error.get('friendlyMessage', error['message'])}"),
    ]
