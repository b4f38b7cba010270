"""A fixed sample of the trials that `make weather` runs, those left out that take as long as our time limits."""

import pytest

from tests.weather.trials import Trial, Verdict, run, trials

_EACH = 31  # of so many trials one, so that each operation and each fault comes up


@pytest.mark.parametrize(
    "trial", [trial for trial in trials() if not trial.fault.slow][::_EACH], ids=lambda trial: trial.name
)
def test_the_weather_does_no_harm(trial: Trial, db: None) -> None:
    result = run(trial)
    assert (result.verdict, result.reason) == (Verdict.HELD, ""), result.alert
