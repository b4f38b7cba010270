"""`python -m tests.weather [WORD …]`: all trials whose name has all the words, some minutes for all.

Prints what did not hold, a table of counts, and in its last line how many held, were weak, did not hold. The status is
1 unless all held.
"""

import io
import logging
import os
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import django
from django.core.management import call_command

from hooksui.data_dir import keys

_AT_ONCE = 8  # trials; a slow tenant's take a thread for as long as our own time limits
_LAYOUT = "{:<22}{:>10}{:>8}{:>8}{:>10}"


def main(words: list[str]) -> int:
    """Run the trials from a DATA_DIR that lasts as long; the exit status."""
    with tempfile.TemporaryDirectory(prefix="hooksui-weather-") as data_dir:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "hooksui.settings", "DATA_DIR": data_dir, "TENANTS": "local"}
        os.environ |= {"ADMIN_PASSWORD": "a long password", "LOG_LEVEL": "ERROR"}
        keys.write_missing(Path(data_dir))
        django.setup()
        logging.getLogger().handlers.clear()
        call_command("bootstrap", stdout=io.StringIO())
        return _report(words)


def _report(words: list[str]) -> int:
    # They import models, which need the settings first.
    from tests.weather.trials import Result, Verdict, run, trials

    chosen = [trial for trial in trials() if all(word in trial.name for word in words)]
    counts: Counter[tuple[str, Verdict]] = Counter()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        # The slow ones first: beside them the others pass.
        futures = [pool.submit(run, trial) for trial in sorted(chosen, key=lambda trial: not trial.fault.slow)]
        for future in as_completed(futures):
            result: Result = future.result()
            counts[result.trial.fault.family, result.verdict] += 1
            if result.verdict is not Verdict.HELD:
                print(f"{result.verdict}: {result.trial.name}: {result.reason}\n    {result.alert[:300]}", flush=True)
    print(_LAYOUT.format("faults", "trials", *Verdict))
    for family in dict.fromkeys(trial.fault.family for trial in chosen):
        row = [counts[family, verdict] for verdict in Verdict]
        print(_LAYOUT.format(family, sum(row), *row))
    total = {verdict: sum(counts[key] for key in counts if key[1] is verdict) for verdict in Verdict}
    print(", ".join(f"{total[verdict]} {verdict}" for verdict in Verdict))
    return int(total[Verdict.HELD] < len(chosen))


sys.exit(main(sys.argv[1:]))
