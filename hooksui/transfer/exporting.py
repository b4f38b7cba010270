"""A tenant's hooks as files."""

from hooksui.hooks.workspace import Workspace
from hooksui.transfer.formats.registry import EXPORTS
from hooksui.transfer.planning import snapshot
from hooksui.transfer.progress import Work


def export(workspace: Workspace, form: str) -> Work[dict[str, str]]:
    """All hooks of a tenant in the format called `form`, as texts by path. Raises ApiError."""
    taken = yield from snapshot.take(workspace, with_secrets=lambda hook: True)
    return EXPORTS[form].write(taken.definitions())
