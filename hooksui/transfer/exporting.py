"""A tenant's hooks as files."""

from collections.abc import Callable

from hooksui.hooks.workspace import Workspace
from hooksui.transfer.files.definition import Definition
from hooksui.transfer.formats import terraform
from hooksui.transfer.formats.deploy_cli import writing
from hooksui.transfer.planning import snapshot
from hooksui.transfer.progress import Work

# What each writer takes: pairs of a hook's id and its definition; and gives: texts by path.
FORMATS: dict[str, Callable[[list[tuple[str, Definition]]], dict[str, str]]] = {
    "directory": writing.write_directory,
    "yaml": writing.write_yaml,
    "terraform": terraform.write,
}
TITLES = {"directory": "Deploy CLI, directory", "yaml": "Deploy CLI, YAML", "terraform": "Terraform"}


def export(workspace: Workspace, form: str) -> Work[dict[str, str]]:
    """All hooks of a tenant in the format `form`, as texts by path. Raises ApiError."""
    taken = yield from snapshot.take(workspace, with_secrets=lambda hook: True)
    return FORMATS[form](taken.definitions())
