"""`python -m tests.benchmarks [ROW …]`: print the table, or the named rows of it.

The status is 0 whether or not bounds are kept; it is that of the exception where a benchmark breaks.
"""

import io
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import django
from django.core.management import call_command

from hooksui.data_dir import keys
from tests.benchmarks.measuring import Row

# Blank variables have their defaults, whatever the machine or a .env file says.
_VARIABLES = (
    *("HOST", "PORT", "THREADS", "PUBLIC_URL", "ADMIN_USERNAME", "LOG_LEVEL", "TENANTS"),
    *("AUTH0_DOMAIN", "AUTH0_TOKEN", "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET"),
    *("LOCAL_TENANT_MODE", "LOCAL_API_CLIENT_ID", "LOCAL_API_CLIENT_SECRET", "LOCAL_API_RATE_LIMIT"),
    *("RUNNER_ENABLED", "RUNNER_TIMEOUT", "RUNNER_CONCURRENCY", "RUNNER_ALLOW_NET"),
    "AUTH0_KEYWORD_REPLACE_MAPPINGS",
)
_LAYOUT = "{:<18}{:>12}{:>12}{:>8}  {:<11}{}"


def main(names: list[str]) -> None:
    """Measure the named rows, all where none is named, from a DATA_DIR that lasts as long."""
    with tempfile.TemporaryDirectory(prefix="hooksui-benchmarks-") as data_dir:
        os.environ |= dict.fromkeys(_VARIABLES, "")
        os.environ |= {"DJANGO_SETTINGS_MODULE": "hooksui.settings", "DATA_DIR": data_dir}
        os.environ |= {"ADMIN_PASSWORD": "a long password"}
        # The settings read a key of these.
        keys.write_missing(Path(data_dir))
        django.setup()
        jobs = _jobs()
        if unknown := set(names) - jobs.keys():
            sys.exit(f"There is no row {', '.join(unknown)}. Rows: {', '.join(jobs)}.")
        call_command("bootstrap", stdout=io.StringIO())
        print(_LAYOUT.format("job", "ours", "reference", "ratio", "bound", ""))
        for name in names or jobs:
            print(_line(name, jobs[name]()), flush=True)


def _jobs() -> Mapping[str, Callable[[], Row]]:
    # They import models, which need the settings first.
    from tests.benchmarks import api, browsing, crowds, pages, processes, reading, transfer

    return {
        "list": pages.list_page,
        "save": pages.save,
        "list-10-pages": pages.list_of_ten_pages,
        "local-list": pages.local_list,
        "api-read": api.read,
        "api-update": api.update,
        "api-10000-first": api.first_page,
        "api-10000-late": api.late_page,
        "start": processes.start,
        "make-run": processes.make_run,
        "memory": processes.memory,
        "editor-first": browsing.editor_first,
        "editor-next": browsing.editor_next,
        "language": browsing.language,
        "typing": browsing.typing,
        "filter": browsing.filter_rows,
        "run": browsing.run,
        "slow-tenant": crowds.slow_tenant,
        "slow-clients": crowds.slow_clients,
        "modules": reading.modules,
        "export": transfer.export,
        "export-command": transfer.export_command,
        "paced": transfer.paced,
    }


def _line(name: str, row: Row) -> str:
    reference = "" if row.reference is None else f"{row.reference:.1f} {row.unit}"
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    bound = f"{'≥' if row.at_least else '≤'} {row.bound:g}" + (f" {row.unit}" if row.ratio is None else "")
    return _LAYOUT.format(name, f"{row.ours:.1f} {row.unit}", reference, ratio, bound, "ok" if row.kept else "missed")


main(sys.argv[1:])
