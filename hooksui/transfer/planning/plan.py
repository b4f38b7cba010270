"""What an import would do: each hook's fate, before anything is written.

Two rules keep what the Deploy CLI loses: files that say nothing of secrets leave the tenant's alone, and the mask that
stands in place of a value is never written as one.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from hooksui import catalogue
from hooksui.auth0.shapes import Hook, is_mask
from hooksui.hooks.changes import differences
from hooksui.transfer.files.definition import CHANGEABLE, Definition, Gap, UnreadableError
from hooksui.transfer.formats.deploy_cli.members import file_name
from hooksui.transfer.planning.faults import faults_of
from hooksui.transfer.planning.snapshot import Snapshot

# Values by the hook's stored name and the secret's name.
SecretValues = dict[str, dict[str, str]]


class Fate(StrEnum):
    """What becomes of a hook."""

    CREATE = "create"
    CHANGE = "change"
    UNCHANGED = "unchanged"
    DELETE = "delete"
    KEEP = "keep"
    REFUSE = "refuse"


@dataclass(frozen=True)
class SecretChanges:
    """What becomes of a hook's secrets.

    `add` and `update` have values by name; `missing` are to be added but have no value; `left` are in the tenant and
    stay, since the file has no value for them; `extra` are in the tenant alone, and go where `remove` is true.
    """

    add: dict[str, str] = field(default_factory=dict, repr=False)
    update: dict[str, str] = field(default_factory=dict, repr=False)
    missing: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    remove: bool = False

    @property
    def any(self) -> bool:
        """Whether something has to be written."""
        return bool(self.add or self.update or (self.remove and self.extra))


@dataclass(frozen=True)
class Item:
    """One hook of a plan. `name` is the stored one; `current` is what the tenant has, `wanted` what files say.

    `fields` are those that would be written. `reason` says why it is refused, or
    why it changes though no file asks for it; `warning`, what speaks against it, though it can be done.
    """

    fate: Fate
    name: str
    trigger: str
    current: Hook | None = None
    wanted: Definition | None = None
    fields: tuple[str, ...] = ()
    enabled: bool = False
    secrets: SecretChanges = SecretChanges()
    reason: str = ""
    warning: str = ""

    @property
    def key(self) -> str:
        """The name under which values of its secrets are kept."""
        return catalogue.stored_name(self.name)

    @property
    def source(self) -> str:
        """The file that describes it."""
        return self.wanted.source if self.wanted else ""


@dataclass(frozen=True)
class Plan:
    """All hooks of the files and of the tenant, each once, in the order of fates; and files that cannot be used.

    `gaps` are signs of hooks that were not read and may be the tenant's. `deleting` says that hooks which only the
    tenant has shall go; `held_back`, that they stay for now, since what is missing in the files may be among them.
    """

    items: list[Item]
    unreadable: list[UnreadableError]
    gaps: Sequence[Gap] = ()
    deleting: bool = False
    held_back: bool = False

    def of(self, fate: Fate) -> list[Item]:
        """The items of one fate."""
        return [item for item in self.items if item.fate == fate]

    @property
    def refused(self) -> int:
        """How many hooks and files are refused."""
        return len(self.of(Fate.REFUSE)) + len(self.unreadable)

    @property
    def incomplete(self) -> str:
        """What may be missing in the files, so that nothing is deleted; "" where nothing may."""
        if self.refused:
            return "something is refused"
        return "hooks may be missing from what was read" if self.gaps else ""

    @property
    def writes(self) -> int:
        """How many hooks would be written or deleted."""
        return sum(item.fate in (Fate.CREATE, Fate.CHANGE, Fate.DELETE) for item in self.items)

    @property
    def deletes(self) -> int:
        """How many hooks would be deleted."""
        return len(self.of(Fate.DELETE))

    @property
    def missing_secrets(self) -> list[tuple[Item, str]]:
        """Hooks with the names of secrets that shall be added and have no value."""
        return [(item, name) for item in self.items for name in item.secrets.missing]


def needs_secrets(definitions: list[Definition], deleting: bool) -> set[str]:
    """The stored names of hooks whose secrets must be known before `definitions` can be planned."""
    return {
        catalogue.stored_name(definition.name)
        for definition in definitions
        if definition.secrets or (deleting and definition.secrets is not None)
    }


def make(
    definitions: list[Definition],
    unreadable: list[UnreadableError],
    snapshot: Snapshot,
    *,
    gaps: Sequence[Gap] = (),
    deleting: bool = False,
    values: SecretValues | None = None,
) -> Plan:
    """The plan that brings `definitions` into the tenant of `snapshot`; `values` are for secrets without one."""
    tenant: dict[str, list[Hook]] = defaultdict(list)
    for hook in snapshot.hooks:
        tenant[catalogue.stored_name(hook.name)].append(hook)
    values = values or {}
    faults = faults_of(definitions, tenant)
    items = []
    for number, definition in enumerate(definitions):
        name = catalogue.stored_name(definition.name)
        found = tenant.get(name, [])
        if fault := faults.get(number):
            current = found[0] if found else None
            items.append(Item(Fate.REFUSE, definition.name, definition.trigger, current, definition, reason=fault))
        elif found:
            has = snapshot.secrets.get(found[0].id, [])
            items.append(_change(definition, found[0], has, deleting, values.get(name, {})))
        else:
            items.append(_creation(definition, name, values.get(name, {})))
    named = {catalogue.stored_name(definition.name) for definition in definitions}
    items += [Item(Fate.KEEP, hook.name, hook.trigger, hook) for name in tenant.keys() - named for hook in tenant[name]]
    items = _one_enabled([_not_without_secrets(item) for item in items], snapshot.hooks)
    alone = {file_name(item.name).lower() for item in items if item.wanted is None and deleting}
    # A script that no file names counts where a hook of its name would go.
    gaps = [gap for gap in gaps if not gap.hook or {gap.hook.lower(), catalogue.stored_name(gap.hook)} & alone]
    made = Plan(items, unreadable, gaps, deleting)
    if deleting and made.incomplete:
        # Secrets stay as well: their values could not be had again.
        kept = make(definitions, unreadable, snapshot, values=values)
        return replace(kept, gaps=gaps, deleting=True, held_back=True)
    if deleting:
        items = [replace(item, fate=Fate.DELETE) if item.wanted is None else item for item in items]
    order = list(Fate)
    return replace(made, items=sorted(items, key=lambda item: (order.index(item.fate), item.name)))


def _creation(wanted: Definition, name: str, typed: dict[str, str]) -> Item:
    enabled = bool(wanted.enabled)
    fields = tuple(name for name in CHANGEABLE if name != "enabled" or enabled)
    secrets = _secret_changes(wanted, [], typed)
    return _within_limit(Item(Fate.CREATE, name, wanted.trigger, None, wanted, fields, enabled, secrets), 0)


def _change(wanted: Definition, current: Hook, has: list[str], deleting: bool, typed: dict[str, str]) -> Item:
    enabled = current.enabled if wanted.enabled is None else wanted.enabled
    secrets = replace(_secret_changes(wanted, has, typed), remove=deleting)
    fields = differences(current, replace(current, **wanted.said | {"enabled": enabled}))
    fate = Fate.CHANGE if fields or secrets.any else Fate.UNCHANGED
    return _within_limit(Item(fate, current.name, wanted.trigger, current, wanted, fields, enabled, secrets), len(has))


def _within_limit(item: Item, had: int) -> Item:
    """`item`, refused where its hook would have more secrets than it can."""
    secrets = item.secrets
    most = catalogue.limits().secrets_per_hook
    count = had + len(secrets.add) + len(secrets.missing) - (len(secrets.extra) if secrets.remove else 0)
    if count <= most or not (secrets.add or secrets.missing):
        return item
    return _refused(item, f"It would have {count} secrets, and a hook can have {most}.")


def _secret_changes(wanted: Definition, has: list[str], typed: dict[str, str]) -> SecretChanges:
    if wanted.secrets is None:
        return SecretChanges()
    changes = SecretChanges(extra=[name for name in has if name not in wanted.secrets])
    for name, written in wanted.secrets.items():
        value = typed.get(name) or written
        if is_mask(value):
            (changes.left if name in has else changes.missing).append(name)
        else:
            (changes.update if name in has else changes.add)[name] = value
    return changes


def _not_without_secrets(item: Item) -> Item:
    """`item`, so that no script comes to run before the secrets that its file names have values."""
    missing = ", ".join(item.secrets.missing)
    if not missing or not item.enabled or item.fate == Fate.REFUSE:
        return item
    if "enabled" in item.fields:
        fields = tuple(name for name in item.fields if name != "enabled")
        fate = item.fate if fields or item.secrets.any else Fate.UNCHANGED
        return replace(
            item, fate=fate, fields=fields, enabled=False, reason=f"It stays disabled: no value for {missing}."
        )
    if "script" in item.fields:
        refused = _refused(item, f"Needs {missing}: this hook is enabled. Enter a value.")
        return replace(refused, secrets=SecretChanges(missing=item.secrets.missing))
    return item


def _one_enabled(items: list[Item], hooks: list[Hook]) -> list[Item]:
    """`items`, with at most one enabled hook at each point: the one that a file wants there.

    What runs there now and is in no file, or in one that does not say, is disabled. Where it may not be touched, the
    new one is refused; and where the new one cannot be enabled, what runs is not stopped either.
    """
    wanted = [item for item in items if item.wanted and item.wanted.enabled]
    chosen = {item.trigger: item for item in wanted if item.fate != Fate.REFUSE and item.enabled}
    touchable = {item.current.id for item in items if item.fate != Fate.REFUSE and item.current}
    blocked = {hook.trigger: hook.name for hook in hooks if hook.enabled and hook.id not in touchable}
    waiting = {item.trigger: item.name for item in wanted if item.trigger not in chosen}
    result = []
    for item in items:
        new = chosen.get(item.trigger)
        if item is new and item.trigger in blocked:
            item = _refused(
                item, f"{blocked[item.trigger]} runs at this point, and its own file is refused. Fix that first."
            )
        elif new and item is not new and item.fate != Fate.REFUSE and item.trigger not in blocked and _stays_on(item):
            reason = f"It is disabled because {new.name} will run at this point."
            item = replace(item, fate=Fate.CHANGE, fields=(*item.fields, "enabled"), enabled=False, reason=reason)
        elif item.trigger in waiting and item.fate == Fate.CHANGE and "enabled" in item.fields and not item.enabled:
            name = waiting[item.trigger]
            item = _refused(
                item, f"It is enabled, and {name}, which is to replace it, cannot be enabled yet. Fix that first."
            )
        result.append(item)
    return result


def _stays_on(item: Item) -> bool:
    """Whether the hook runs now, and no file says that it shall not."""
    return bool(item.current and item.current.enabled and (item.wanted is None or item.wanted.enabled is None))


def _refused(item: Item, reason: str) -> Item:
    return Item(Fate.REFUSE, item.name, item.trigger, item.current, item.wanted, reason=reason)
