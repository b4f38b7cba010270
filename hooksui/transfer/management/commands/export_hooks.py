"""`python manage.py export_hooks DIR`: a tenant's hooks as files, in the Deploy CLI's formats or for Terraform."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from hooksui.tenants.state import record_of
from hooksui.transfer import exporting, files, terminal

# What says of hooks, in each format; scripts alone are no hooks.
_DESCRIPTIONS = ("hooks/*.json", "tenant.yaml", "hooks.tf")
_OTHER_RESOURCES = re.compile(rb"^(?!hooks\s*:)[A-Za-z]\w*\s*:", re.MULTILINE)


class Command(BaseCommand):
    """Exit status: 0 when all hooks were written, 1 when nothing could be."""

    help = "Write a tenant's hooks into a folder, as the Auth0 Deploy CLI does, or as Terraform configuration."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to, from which tenant, in which format."""
        parser.add_argument("folder", metavar="DIR", type=Path, help="folder to write to; created if needed")
        terminal.add_tenant(parser)
        parser.add_argument("--format", choices=list(exporting.FORMATS), default="directory", help="(%(default)s)")

    @terminal.sentences()
    def handle(self, *args: Any, **options: Any) -> None:
        """Read the tenant, then write."""
        tenant = settings.TENANTS[options["tenant"]]
        folder: Path = options["folder"]
        texts = terminal.done(exporting.export(tenant, record_of(tenant), options["format"]), tenant)
        scripts = sum(path.endswith(".js") for path in texts)
        if not scripts and any((folder / path).exists() for path in texts):
            # What is left of a tenant whose Hooks are gone may be nowhere else.
            terminal.fail(f"{tenant.slug} lists no hooks, and {folder} has an export already. Nothing was written.")
        try:
            if "tenant.yaml" in texts and _has_more_than_hooks(folder / "tenant.yaml"):
                text = f"{folder / 'tenant.yaml'} has more than hooks, which an export would remove."
                terminal.fail(f"{text} Nothing was written. Choose another folder.")
            files.to_folder(texts, folder)
            left = _left(folder, texts)
        except OSError as error:
            terminal.fail(f"{error.filename or folder} cannot be written: {error.strerror}. Choose another folder.")
        count = "1 hook" if scripts == 1 else f"{scripts} hooks"
        terminal.say(self.stdout, f"Wrote {count} of {tenant.slug} to {folder}. Values of secrets cannot be exported.")
        for path in left:
            text = f"{folder / path} was there before and is not part of this export."
            terminal.say(self.stderr, f"{text} An import of the folder would read it too.")


def _has_more_than_hooks(file: Path) -> bool:
    """Whether the Deploy CLI's file, if it is there, has other resources of the tenant as well. Raises OSError."""
    return file.exists() and bool(_OTHER_RESOURCES.search(file.read_bytes()))


def _left(folder: Path, texts: dict[str, str]) -> list[str]:
    """Files of earlier exports, in any format, that an import would read though they are not part of this one."""
    found = [file.relative_to(folder).as_posix() for pattern in _DESCRIPTIONS for file in folder.glob(pattern)]
    return sorted(path for path in found if path not in texts)
