"""What is kept of a run, and how it is read whichever version stored it."""

import pytest

from hooksui.runner import records
from hooksui.runner.models import Run
from hooksui.runner.outcome import Ending, Outcome

pytestmark = pytest.mark.django_db

FACTS = {"tenant": "t", "hook_id": "h", "hook_name": "a", "trigger": "post-user-registration", "username": "admin"}


def kept(outcome: Outcome) -> Run:
    """A run as it is stored."""
    run = records.new_run(**FACTS, payload="{}")
    records.keep_run(run, outcome)
    return Run.objects.get(pk=run.pk)


def test_what_is_stored_says_its_version_and_is_read_as_it_was() -> None:
    outcome = Outcome(ok=True, ending=Ending.OK, result={"a": 1}, node="v22", memory_bytes=7)
    run = kept(outcome)
    assert run.outcome["version"] == 1
    assert records.outcome_of(run) == outcome.as_dict()


def test_a_row_from_before_versions_is_read_too() -> None:
    run = kept(Outcome(ok=True, ending=Ending.OK, result=[1]))
    del run.outcome["version"], run.outcome["memory_bytes"]
    assert records.outcome_of(run) == Outcome(ok=True, ending=Ending.OK, result=[1]).as_dict()
