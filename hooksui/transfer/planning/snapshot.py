"""Everything that a tenant has of hooks at one moment: with as few calls as it takes, side by side."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from hooksui.auth0.errors import HookNotFoundError
from hooksui.auth0.shapes import Hook
from hooksui.hooks.workspace import Workspace
from hooksui.tenants import state
from hooksui.transfer.files.definition import Definition, definition_of
from hooksui.transfer.progress import Progress, Work


@dataclass(frozen=True)
class Snapshot:
    """All hooks with their scripts, and the names of the secrets of those that were asked for, by the hook's id."""

    hooks: list[Hook]
    secrets: dict[str, list[str]]

    def definitions(self) -> list[tuple[str, Definition]]:
        """What files would say of each hook, with its id; the mask stands for the values of secrets."""
        return [(hook.id, definition_of(hook, self.secrets.get(hook.id))) for hook in self.hooks]


def take(workspace: Workspace, with_secrets: Callable[[Hook], bool]) -> Work[Snapshot]:
    """Read all hooks of a tenant, and the secrets' names of those for which `with_secrets` is true.

    One call a page of the list, one a hook for its secrets. Raises ApiError; the record then has the last known list.
    """
    hooks = yield from take_hooks(workspace)
    return (yield from add_secrets(workspace, hooks, with_secrets))


def take_hooks(workspace: Workspace) -> Work[list[Hook]]:
    """The first half of `take`: all hooks with their scripts. Raises ApiError."""
    with workspace.noting():
        yield Progress(0, 0, "hooks read")
        client = workspace.client.patient()
        hooks: list[Hook] = []
        for told in client.as_done([partial(client.hooks.all, whole=True)]):
            if told is None:
                yield Progress(0, 0, "hooks read", client.waits)
            else:
                _, hooks = told
        state.note_list(workspace.tenant, workspace.record, hooks)
    return hooks


def add_secrets(workspace: Workspace, hooks: list[Hook], with_secrets: Callable[[Hook], bool]) -> Work[Snapshot]:
    """The second half of `take`: the secrets' names of those of `hooks` for which `with_secrets` is true.

    A hook that somebody removed since it was listed is left out. Raises ApiError.
    """
    client = workspace.client.patient()
    wanted = [hook for hook in hooks if with_secrets(hook)]
    with workspace.noting():
        yield Progress(0, len(wanted), "hooks' secrets read")
        secrets: dict[str, list[str] | None] = {}
        for told in client.as_done([partial(_names_if_there, client.secrets.names, hook.id) for hook in wanted]):
            if told is not None:
                number, names = told
                secrets[wanted[number].id] = names
            yield Progress(len(secrets), len(wanted), "hooks' secrets read", client.waits if told is None else 0)
    known = {hook_id: names for hook_id, names in secrets.items() if names is not None}
    return Snapshot([hook for hook in hooks if hook.id in known or hook.id not in secrets], known)


def _names_if_there(names: Callable[[str], list[str]], hook_id: str) -> list[str] | None:
    """The names of the hook's secrets; None where somebody removed it since it was listed."""
    try:
        return names(hook_id)
    except HookNotFoundError:
        return None
