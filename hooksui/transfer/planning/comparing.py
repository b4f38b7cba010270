"""Two tenants side by side: which hooks differ, and in what."""

from dataclasses import dataclass

from hooksui import catalogue
from hooksui.auth0.shapes import Hook
from hooksui.hooks.changes import differences
from hooksui.transfer.files.definition import WORDS
from hooksui.transfer.planning.snapshot import Snapshot


@dataclass(frozen=True)
class Pair:
    """Hooks of one name in two tenants; None where a tenant has none. `differing` names the fields that differ.

    `secrets` are the names of each one's secrets, as far as they were read.
    """

    name: str
    left: Hook | None
    right: Hook | None
    differing: tuple[str, ...] = ()
    secrets: tuple[list[str], list[str]] = ([], [])

    @property
    def same(self) -> bool:
        """Whether both tenants have it, alike."""
        return bool(self.left and self.right and not self.differing)

    @property
    def modules(self) -> list[str]:
        """The NPM modules of both sides in words. Not for the template: a module may be called `items`."""
        sides = [hook.dependencies if hook else {} for hook in (self.left, self.right)]
        return [", ".join(f"{name} {version}" for name, version in side.items()) or "none" for side in sides]


def compare(left: Snapshot, right: Snapshot) -> list[Pair]:
    """The hooks of two tenants by name: first those that differ, then those of one tenant alone, then the rest."""
    lefts, rights = _by_name(left.hooks), _by_name(right.hooks)
    pairs = []
    for name in sorted(lefts.keys() | rights.keys()):
        one, other = lefts.get(name), rights.get(name)
        shown = one or other
        secrets = _secrets(left, one), _secrets(right, other)
        differing = _differing(one, other, secrets) if one and other else ()
        pairs.append(Pair(shown.name if shown else name, one, other, differing, secrets))
    return sorted(pairs, key=lambda pair: (pair.same, not pair.differing))


def in_both(left: list[Hook], right: list[Hook]) -> set[str]:
    """The ids of the hooks of two tenants that `compare` sets beside one of the other tenant."""
    lefts, rights = _by_name(left), _by_name(right)
    return {side[name].id for name in lefts.keys() & rights.keys() for side in (lefts, rights)}


def _by_name(hooks: list[Hook]) -> dict[str, Hook]:
    """A tenant may have two old hooks of one name; the second one stands there with its id."""
    found: dict[str, Hook] = {}
    for hook in hooks:
        name = catalogue.stored_name(hook.name)
        found[f"{name} ({hook.id})" if name in found else name] = hook
    return found


def _secrets(taken: Snapshot, hook: Hook | None) -> list[str]:
    return sorted(taken.secrets.get(hook.id, ())) if hook else []


def _differing(left: Hook, right: Hook, secrets: tuple[list[str], list[str]]) -> tuple[str, ...]:
    # Names that servers keep as the same are no difference.
    differing = [WORDS[field] for field in differences(left, right) if field != "name"]
    # What runs is said last.
    return tuple(sorted(differing + ["secrets"] * (secrets[0] != secrets[1]), key=lambda word: word == "enabled"))
