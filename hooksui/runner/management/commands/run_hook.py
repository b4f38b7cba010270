"""`python manage.py run_hook SCRIPT --trigger ID`: run a hook in the sandbox and print what came of it as JSON."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from hooksui import catalogue
from hooksui.deno.installing import ModulesMissingError
from hooksui.deno.protocol import failure
from hooksui.runner import calling
from hooksui.runner.outcome import Ending, Outcome


class _CannotRunError(Exception):
    """Nothing was run. The text says why."""


class Command(BaseCommand):
    """Prints one JSON object. Exit status: 0 when the hook was ok, 1 when it failed, 2 when it could not be run."""

    help = "Run a hook's script in the sandbox, as the platform would call it, and print the outcome as JSON."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The script, its extensibility point, and what it is called with."""
        parser.add_argument("script", metavar="SCRIPT", help="file of the script; - for standard input")
        parser.add_argument("--trigger", required=True, metavar="ID", help=", ".join(catalogue.points()))
        parser.add_argument("--payload", metavar="FILE", help="JSON; without it, the sample of the extensibility point")
        parser.add_argument("--secrets", metavar="FILE", help="JSON object of names and values")
        parser.add_argument("--dependencies", metavar="FILE", help="JSON object of NPM modules and versions")
        parser.add_argument(
            "--timeout",
            type=_seconds,
            default=settings.RUNNER_TIMEOUT,
            metavar="SECONDS",
            help="time limit (default: RUNNER_TIMEOUT, %(default)s)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it. Ends the process with the status of the outcome."""
        try:
            outcome = _run(options)
        except KeyboardInterrupt:
            self._print(Outcome(ending=Ending.STOPPED, error=failure("Interrupted", "Interrupted before the end.")))
            sys.exit(2)
        except (_CannotRunError, calling.PayloadError, ModulesMissingError) as error:
            outcome = Outcome(error=failure("CannotRun", str(error)))
            self._print(outcome)
            sys.exit(2)
        self._print(outcome)
        sys.exit(0 if outcome.ok else 1)

    def _print(self, outcome: Outcome) -> None:
        self.stdout.write(json.dumps(outcome.as_dict(), indent=2))


def _run(options: dict[str, Any]) -> Outcome:
    if not settings.RUNNER_ENABLED:
        raise _CannotRunError("RUNNER_ENABLED is false: the Runner is switched off.")
    point = catalogue.points().get(options["trigger"])
    if point is None:
        raise _CannotRunError(f"There is no trigger {options['trigger']}. Use one of {', '.join(catalogue.points())}.")
    job = calling.Job(
        script=_text(options["script"]),
        trigger=point.trigger,
        payload=_text(options["payload"]) if options["payload"] else point.sample,
        secrets=_texts(options["secrets"], "secrets"),
        dependencies=_texts(options["dependencies"], "dependencies"),
        timeout=options["timeout"],
    )
    try:
        return calling.run_to_end(job)
    except OSError as error:
        raise _CannotRunError(f"The sandbox could not be started: {error.strerror or error}.") from error


def _text(file: str) -> str:
    name = "Standard input" if file == "-" else file
    try:
        # As bytes: the locale does not matter, and lines end as they do.
        content = _standard_input() if file == "-" else Path(file).read_bytes()
        return content.decode("utf-8-sig")
    except OSError as error:
        raise _CannotRunError(f"{name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise _CannotRunError(f"{name} is not encoded in UTF-8.") from None


def _standard_input() -> bytes:
    # There is none where the shell closed it.
    return sys.stdin.buffer.read() if sys.stdin else b""


def _texts(file: str | None, what: str) -> dict[str, str]:
    """A JSON object whose values are texts."""
    if file is None:
        return {}
    try:
        values = json.loads(_text(file))
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise _CannotRunError(f"{file} has no {what}: it must be a JSON object with text values.")
    return values


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 300:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds up to 300.")
    return seconds
