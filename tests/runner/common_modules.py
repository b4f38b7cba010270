"""`python -m tests.runner.common_modules [WORD …]`: requires the modules of `common_modules.json` in the real sandbox.

Each is installed as for any run, from the registry that npm's settings name, into a DATA_DIR that lasts as long, and
removed at once. Prints a line for each; without words, which takes some ten minutes, writes `docs/modules.md` as well.
The status is 1 where one does not load that has no `note` on why.
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import django

_DATA = Path(__file__).with_suffix(".json")
_DOCUMENT = Path(__file__).parents[2] / "docs" / "modules.md"
_AT_ONCE = 2  # trials; while one downloads, another one runs
_TRIGGER = "post-user-registration"
_SCRIPT = "module.exports = async (user, context, cb) => {{ const it = require({id}); cb(null, [await ({use})]); }};"
_HEAD = """\
# Which modules load in the Runner

Written by `make modules`, which requires each of them in the sandbox, with no host allowed, and does something harmless
with it. What is tried is listed in `tests/runner/common_modules.json`.

{count} of {all} versions of modules that hooks of Auth0 commonly have load. Those that reach for a host then say that
the Runner denies it, until `RUNNER_ALLOW_NET` names the host.
"""


@dataclass(frozen=True)
class Trial:
    """A module of Node, or one of npm in a `version`, and what is done with it, an expression over `it`."""

    name: str
    use: str
    version: str = ""
    others: dict[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def title(self) -> str:
        """As the script could ask for it."""
        return f"{self.name}@{self.version}" if self.version else self.name


@dataclass(frozen=True)
class Result:
    """What came of a trial: `said` is what a person reads where it does not load, or warns."""

    trial: Trial
    loads: bool
    said: str = ""

    @property
    def verdict(self) -> str:
        """In a sentence, without what differs from version to version."""
        said = re.sub(r"\s+", " ", self.said)
        begin = "Loads" if self.loads else "Does not load"
        parts = [f"{begin}: {said}" if said else f"{begin}.", self.trial.note]
        return " ".join(part for part in parts if part)


def trials() -> Iterator[Trial]:
    """Those of `common_modules.json`."""
    data: dict[str, Any] = json.loads(_DATA.read_text(encoding="utf-8"))
    for name, use in data["builtins"].items():
        yield Trial(name, use)
    for each in data["modules"]:
        for version in each["versions"]:
            yield Trial(each["name"], each["try"], version, each.get("with", {}), each.get("note", ""))


def run(trial: Trial) -> Result:
    """Carry out one trial, and remove what it installed."""
    # They need the settings first.
    from hooksui import catalogue
    from hooksui.deno import installing
    from hooksui.deno.modules import needed
    from hooksui.runner.calling import Job, run_to_end
    from hooksui.runner.outcome import summary_of

    script = _SCRIPT.format(id=json.dumps(trial.name), use=trial.use)
    modules = {trial.name: trial.version, **trial.others} if trial.version else {}
    job = Job(script, _TRIGGER, catalogue.points()[_TRIGGER].sample, dependencies=modules, timeout=30)
    try:
        outcome = run_to_end(job)
    except installing.ModulesMissingError as error:
        return Result(trial, False, str(error))
    finally:
        if modules:
            installing.remove(needed(script, modules).folder)
    if not outcome.ok:
        return Result(trial, False, summary_of(outcome, _TRIGGER))
    return Result(trial, True, " ".join(outcome.warnings))


def document(results: list[Result]) -> str:
    """The text of `docs/modules.md`."""
    own = [result for result in results if not result.trial.version]
    others = [result for result in results if result.trial.version]
    lines = [_HEAD.format(count=sum(result.loads for result in others), all=len(others))]
    lines += ["| Module | Versions | In the Runner |", "|---|---|---|"]
    for (name, verdict), group in groupby(others, lambda result: (result.trial.name, result.verdict)):
        lines.append(f"| `{name}` | {', '.join(result.trial.version for result in group)} | {_cell(verdict)} |")
    lines += ["", "## Node's own modules", "", _sentence(own), ""]
    lines += [f"- `{result.trial.name}`: {result.verdict}" for result in own if not result.loads or result.said]
    return "\n".join(lines).rstrip("\n") + "\n"


def _sentence(own: list[Result]) -> str:
    fine = ", ".join(f"`{result.trial.name}`" for result in own if result.loads)
    return f"These load: {fine}. What they tell of the machine is harmless: `os.hostname()` is `sandbox`."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def main(words: list[str]) -> int:
    """Carry out the trials whose name and version have one of `words`; the exit status."""
    chosen = [trial for trial in trials() if not words or any(word in trial.title for word in words)]
    results = []
    with tempfile.TemporaryDirectory(prefix="hooksui-modules-") as data_dir, ThreadPoolExecutor(_AT_ONCE) as pool:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "hooksui.settings", "DATA_DIR": data_dir, "TENANTS": "local"}
        django.setup()
        for result in pool.map(run, chosen):
            results.append(result)
            print(f"{result.trial.title}: {result.verdict}", flush=True)
    if not words:
        _DOCUMENT.parent.mkdir(exist_ok=True)
        _DOCUMENT.write_text(document(results), encoding="utf-8")
    print(f"{sum(result.loads for result in results)} of {len(results)} load")
    return int(any(not result.loads and not result.trial.note for result in results))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
