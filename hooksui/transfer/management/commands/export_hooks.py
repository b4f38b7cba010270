"""`python manage.py export_hooks DIR`: a tenant's hooks as files, in the Deploy CLI's formats or for Terraform."""

from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from hooksui.transfer import exporting, terminal
from hooksui.transfer.files import packing
from hooksui.transfer.formats.base import Export
from hooksui.transfer.formats.registry import EXPORTS


class Command(BaseCommand):
    """Exit status: 0 when all hooks were written, 1 when nothing could be."""

    help = "Write a tenant's hooks into a folder, as the Auth0 Deploy CLI does, or as Terraform configuration."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, from which tenant, in which format."""
        parser.add_argument("folder", metavar="DIR", type=Path, help="folder to write to; created if needed")
        terminal.add_tenant(parser)
        parser.add_argument("--format", choices=list(EXPORTS), default="directory", help="(%(default)s)")

    @terminal.sentences()
    def handle(self, *args: Any, **options: Any) -> None:
        """Read the tenant, then write."""
        tenant = settings.TENANTS[options["tenant"]]
        folder: Path = options["folder"]
        texts = terminal.done(exporting.export(terminal.workspace(tenant, "export_hooks"), options["format"]), tenant)
        scripts = sum(path.endswith(".js") for path in texts)
        if not scripts and any((folder / path).exists() for path in texts):
            # What is left of a tenant whose Hooks are gone may be nowhere else.
            terminal.fail(f"{tenant.slug} lists no hooks, and {folder} has an export already. Nothing was written.")
        try:
            if lost := _with_more_than_hooks(folder, texts, EXPORTS[options["format"]]):
                text = f"{lost} has more than hooks, which an export would remove."
                terminal.fail(f"{text} Nothing was written. Choose another folder.")
            packing.to_folder(texts, folder)
            left = _left(folder, texts)
        except OSError as error:
            terminal.fail(f"{error.filename or folder} cannot be written: {error.strerror}. Choose another folder.")
        count = "1 hook" if scripts == 1 else f"{scripts} hooks"
        terminal.say(self.stdout, f"Wrote {count} of {tenant.slug} to {folder}. Values of secrets cannot be exported.")
        for path in left:
            text = f"{folder / path} was there before and is not part of this export."
            terminal.say(self.stderr, f"{text} An import of the folder would read it too.")


def _with_more_than_hooks(folder: Path, texts: dict[str, str], export: Export) -> Path | None:
    """The first file to be written over that has other things of the tenant as well. Raises OSError."""
    described = (folder / path for path in texts if fnmatch(path, export.described_in))
    return next((file for file in described if file.exists() and export.has_more(file.read_bytes())), None)


def _left(folder: Path, texts: dict[str, str]) -> list[str]:
    """Files of earlier exports, in any format, that an import would read though they are not part of this one."""
    # What describes hooks, in each format: scripts alone are no hooks.
    patterns = [export.described_in for export in EXPORTS.values()]
    found = [file.relative_to(folder).as_posix() for pattern in patterns for file in folder.glob(pattern)]
    return sorted(path for path in found if path not in texts)
