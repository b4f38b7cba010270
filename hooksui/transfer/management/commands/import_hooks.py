"""`python manage.py import_hooks PATH`: bring hooks from files into a tenant, after a plan of what that changes."""

import argparse
import getpass
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandParser

from hooksui import catalogue
from hooksui.hooks import rules
from hooksui.hooks.workspace import LongWorkspace
from hooksui.tenants.config import Tenant
from hooksui.transfer import terminal
from hooksui.transfer.applying.application import Application
from hooksui.transfer.applying.outcome import left_out_of, outcome_of
from hooksui.transfer.applying.results import Ending
from hooksui.transfer.files.definition import UnreadableError
from hooksui.transfer.formats import reading, registry, sources
from hooksui.transfer.formats.base import Reading
from hooksui.transfer.planning import doubts, plan, snapshot, wording
from hooksui.transfer.planning.plan import Plan

# The Deploy CLI fills keywords from all of the environment. Not from this dashboard's own credentials.
_OWN_CREDENTIALS = re.compile(r"(^|_)(AUTH0_(TOKEN|CLIENT_SECRET)|LOCAL_API_CLIENT_SECRET|ADMIN_PASSWORD)$")


class Command(BaseCommand):
    """Exit status: 0 when everything is as the files say, 1 when something was refused, failed or was not done."""

    help = "Bring hooks from a folder, a zip or a file into a tenant. Nothing is deleted without --delete."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from, into which tenant, and what may happen there."""
        parser.add_argument(
            "path",
            metavar="PATH",
            type=Path,
            help=f"{registry.GIVEN}, or a zip of any of these",
        )
        terminal.add_tenant(parser)
        parser.add_argument("--dry-run", action="store_true", help="print the plan with all differences, write nothing")
        parser.add_argument("--delete", action="store_true", help="delete hooks and secrets that the files do not have")
        parser.add_argument(
            "--mapping",
            action="append",
            default=[],
            type=_mapping,
            metavar="KEY=VALUE",
            help="value for ##KEY## and @@KEY@@; the environment's variables are values as well",
        )
        parser.add_argument(
            "--secrets",
            metavar="FILE",
            help='values of secrets, JSON of the form {"hook": {"NAME": "value"}}; - for standard input',
        )

    @terminal.sentences()
    def handle(self, *args: Any, **options: Any) -> None:
        """Read the files, print the plan, carry it out. Ends the process with the status."""
        tenant = settings.TENANTS[options["tenant"]]
        workspace = terminal.workspace(tenant, "import_hooks")
        values = _secrets(options["secrets"])
        found = self._read(options)
        needed = plan.needs_secrets(found.definitions, options["delete"])
        taken = terminal.done(snapshot.take(workspace, lambda hook: catalogue.stored_name(hook.name) in needed), tenant)
        made = self._plan(found, taken, options, values)
        if made.missing_secrets and not options["dry_run"] and sys.stdin and sys.stdin.isatty():
            made = self._plan(found, taken, options, _asked(made, values))
        self._print_plan(tenant, found, made, with_differences=options["dry_run"])
        # Where the output is gone, nothing shall be written.
        self.stdout.flush()
        unused = _unused(found, values)
        whole = True
        if options["dry_run"]:
            terminal.say(self.stdout, "Nothing was written, as this is a dry run.")
        elif made.writes:
            application = Application(LongWorkspace(workspace, "import"), made)
            try:
                terminal.done(application.run(), tenant, application.stop)
            finally:
                self._print_outcome(outcome_of(tenant, made, application))
            whole = application.whole
        # Why the status is 1 is said last; of what stopped it has been said.
        reasons = left_out_of(made)
        for sentence in reasons if whole else []:
            terminal.say(self.stdout, sentence)
        self.stdout.flush()
        for hook, name in unused:
            terminal.say(self.stderr, f"No file has the secret {name} of {hook}. Its value was not used.")
        sys.exit(1 if reasons or unused or not whole else 0)

    def _read(self, options: dict[str, Any]) -> Reading:
        environment = {key: value for key, value in os.environ.items() if not _OWN_CREDENTIALS.search(key)}
        keywords = environment | settings.IMPORT_KEYWORDS | dict(options["mapping"])
        try:
            found = reading.read(sources.from_path(options["path"]), keywords)
        except UnreadableError as error:
            terminal.fail(f"{error} Nothing was written.")
        if found.nothing:
            terminal.fail(f"{options['path']} {found.nothing} Nothing was written.")
        return found

    def _plan(
        self, found: Reading, taken: snapshot.Snapshot, options: dict[str, Any], values: plan.SecretValues
    ) -> Plan:
        made = plan.make(
            found.definitions, found.unreadable, taken, gaps=found.gaps, deleting=options["delete"], values=values
        )
        return doubts.with_warnings(made)

    def _print_plan(self, tenant: Tenant, found: Reading, made: Plan, *, with_differences: bool) -> None:
        terminal.say(self.stdout, f"Plan for {tenant.slug}, from {' and '.join(found.formats) or 'no hooks'}:")
        for line in wording.as_lines(made, with_differences=with_differences):
            terminal.say(self.stdout, line)
        for key, where in found.keywords.items():
            terminal.say(self.stderr, f"The keyword {key} has no value (in {', '.join(where)}).")
        if found.others:
            files_were = "1 other file was" if found.others == 1 else f"{found.others} other files were"
            terminal.say(self.stdout, f"{files_were} left alone: only hooks are imported.")
        # The others are said at the end, with all that is left out.
        for gap in found.gaps:
            if gap not in made.gaps:
                terminal.say(self.stdout, str(gap))

    def _print_outcome(self, outcome: dict[str, Any]) -> None:
        for result in outcome["results"]:
            nothing = "no answer to the first call" if result["ending"] == Ending.UNKNOWN else "nothing was written"
            steps = ", ".join(result["steps"]) or nothing
            terminal.say(self.stdout, f"{result['name']}: {result['ending']} ({steps}). {result['text']}".rstrip())
        if outcome["ended"]:
            terminal.say(self.stdout, "Everything was done." if outcome["whole"] else "Done, except for:")
            return
        for sentence in outcome["left_out"]:
            terminal.say(self.stdout, sentence)
        end = "It stopped there. Run the same command again to do the rest: what is already done stays as it is."
        terminal.say(self.stdout, end)


def _mapping(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not re.fullmatch("[A-Za-z0-9_]+", key):
        raise argparse.ArgumentTypeError(f"{key!r} is not KEY=VALUE with a key of letters, digits and underscores.")
    return key, value


def _secrets(file: str | None) -> plan.SecretValues:
    """The values in `file`, by the hook's stored name. Ends the process where they cannot be used."""
    if file is None:
        return {}
    try:
        values = json.loads(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())
        return {
            catalogue.stored_name(hook): {name: rules.clean_secret_value(value) for name, value in secrets.items()}
            for hook, secrets in values.items()
        }
    except OSError as error:
        terminal.fail(f"{file} cannot be read: {error.strerror}. Nothing was written.")
    except ValidationError as error:
        terminal.fail(f"{file} has a value that cannot be used: {error.messages[0]} Nothing was written.")
    except (ValueError, AttributeError, TypeError, RecursionError):
        terminal.fail(f'{file} is not of the form {{"hook": {{"NAME": "value"}}}}. Nothing was written.')


def _unused(found: Reading, values: plan.SecretValues) -> list[tuple[str, str]]:
    """The hooks and names in `values` that no file has: a slip of the pen would go unnoticed."""
    asked = {catalogue.stored_name(definition.name): definition.secrets or {} for definition in found.definitions}
    return [(hook, name) for hook, typed in values.items() for name in typed if name not in asked.get(hook, {})]


def _asked(made: Plan, values: plan.SecretValues) -> plan.SecretValues:
    """`values` with those that the person at the terminal types; an empty one leaves the secret out."""
    for item, name in made.missing_secrets:
        while typed := getpass.getpass(f"Value of {name} of {item.name} (empty: leave it out): "):
            try:
                values.setdefault(item.key, {})[name] = rules.clean_secret_value(typed)
                break
            except ValidationError as error:
                terminal.say(sys.stderr, error.messages[0])
    return values
