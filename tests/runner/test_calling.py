"""How a run ends, what is told of it on the way, and how many go on at once; after each of them nothing is left."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from hooksui.deno.protocol import DEPTH
from hooksui.runner.calling import PayloadError, run, run_to_end
from hooksui.runner.outcome import Ending, Event
from hooksui.runner.slots import NoSlotError
from hooksui.shared.memory import Slots
from tests.deno.scripts import LONG, TIMEOUT, TOO_MUCH_MEMORY, TOO_MUCH_OUTPUT, ended, job, payload_with
from tests.deno.traces import processes, until
from tests.runner.calling import ASYNCHRONOUS, NO_ANSWER, SYNCHRONOUS, error_of, printed, result_of

pytestmark = pytest.mark.usefixtures("nothing_left")


@pytest.mark.parametrize(
    ("body", "warnings"),
    [
        ("cb(null, 1); cb(null, 2); cb(new Error('3'));", ["The hook called back again. The first answer stands."]),
        ("cb(null, 1); throw new Error('late');", ["After the answer: late"]),
        ("cb(null, 1); Promise.reject(new Error('late'));", ["After the answer: late"]),
        ("cb(null, 1); setTimeout(() => { throw new Error('late'); }, 20);", ["After the answer: late"]),
        ("cb(null, 1); process.exit(3);", []),
        ("cb(null, 1); process.kill(process.pid, 'SIGKILL');", []),
        ("cb(null, 1); for (;;);", ["After the answer: it was still running after 0.6 seconds and was stopped."]),
        ("cb(null, 1); const all = []; for (;;) all.push(all.slice());", [f"After the answer: {TOO_MUCH_MEMORY}"]),
        ("cb(null, 1); for (;;) console.log('x'.repeat(999));", [f"After the answer: {TOO_MUCH_OUTPUT}"]),
    ],
)
def test_what_happens_after_the_answer_does_not_change_it(body: str, warnings: list[str]) -> None:
    outcome = ended(body, TIMEOUT if "it was still running" in str(warnings) else LONG)
    assert result_of(outcome) == 1
    assert outcome.warnings == warnings


def test_a_hook_that_never_calls_back_is_over_when_nothing_is_left_to_run() -> None:
    outcome = ended("")
    assert outcome.ending == Ending.NO_CALLBACK
    assert outcome.timed_out
    assert error_of(outcome)["message"] == NO_ANSWER


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("throw new Error('of the test');", SYNCHRONOUS),
        ("throw 'of the test';", SYNCHRONOUS),
        ("Promise.reject(new Error('of the test'));", ASYNCHRONOUS),
        ("setTimeout(() => { throw new Error('of the test'); }, 20);", ASYNCHRONOUS),
        ("process.nextTick(() => { throw new Error('of the test'); });", ASYNCHRONOUS),
    ],
)
def test_an_exception_before_the_answer_is_the_answer(body: str, kind: str) -> None:
    outcome = ended(body)
    assert outcome.ending == Ending.EXCEPTION
    assert error_of(outcome)["message"] == "of the test"
    assert error_of(outcome)["kind"] == kind


@pytest.mark.parametrize(
    "script", ["", "module.exports = {};", "function (", "<html>", "\0", "export default 1;", "{" * 10_000]
)
def test_what_is_no_hook_does_not_compile(script: str) -> None:
    outcome = ended("", script=script)
    assert outcome.ending == Ending.NOT_COMPILED
    assert error_of(outcome)["message"] == "Unable to compile the extensibility code as javascript"


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ("", "is not JSON: expecting value, line 1."),
        (" \n\n ", "is not JSON: expecting value, line 3."),
        ("NaN", "is not JSON: NaN is no value."),
        ('{"a": -Infinity}', "is not JSON: -Infinity is no value."),
        ('{"a": 1,}', "is not JSON: "),
        ('{"a": 1}\n{"b": 2}', "is not JSON: extra data, line 2."),
        ("[1,]", "is not JSON: "),
        ("\ufeff{}", "is not JSON: "),
        ("{'a': 1}", "is not JSON: "),
        ("// comment\n{}", "is not JSON: "),
        ("01", "is not JSON: "),
        ("undefined", "is not JSON: "),
        ('"\t"', "is not JSON: invalid control character at, line 1."),
        ("[" * 100_000 + "]" * 100_000, "is nested too deeply."),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "is nested too deeply."),
        ("[" * (DEPTH + 1) + "]" * (DEPTH + 1), "is nested too deeply."),
        (payload_with("[" * 900 + "]" * 900), "is nested too deeply."),
    ],
)
def test_a_payload_that_is_no_json_is_refused_before_anything_is_run(payload: str, reason: str) -> None:
    with pytest.raises(PayloadError, match=r"Nothing was run\.$") as caught:
        ended("cb();", payload=payload)
    assert str(caught.value).startswith(f"The payload {reason}")


def test_a_payload_nested_as_deeply_as_allowed_reaches_the_hook() -> None:
    deep = DEPTH - 2
    body = "let depth = 0; for (let v = user.long; v; v = v[0]) depth += 1; cb(null, { depth, same: user.long });"
    result = result_of(ended(body, payload=payload_with("[" * deep + "]" * deep)))
    assert result["depth"] == deep


@pytest.mark.parametrize("payload", ["null", "7", '{"user": {}, "context": 7}'])
def test_a_payload_that_the_contract_refuses_does_not_reach_the_hook(payload: str) -> None:
    outcome = ended("console.log('called'); cb();", payload=payload)
    assert outcome.ending == Ending.REFUSED
    assert error_of(outcome)["message"].endswith("received by extensibility point is not an object")
    assert printed(outcome) == []


def test_an_unknown_trigger_starts_no_process() -> None:
    with pytest.raises(KeyError):
        ended("cb();", trigger="unknown")


def test_an_answer_before_the_stop_stands() -> None:
    stop = threading.Event()
    events = run(job("cb(null, 1); setInterval(() => {}, 10);"), stop)
    assert next(events)["event"] == "answer"
    stop.set()
    *_, last = events
    assert result_of(last["outcome"]) == 1
    assert len(last["outcome"].warnings) == 1


def test_events_come_as_things_happen() -> None:
    body = "console.log('a'); setTimeout(() => { console.warn('b'); cb(null, 1); setInterval(() => {}, 10); }, 1100);"
    stop = threading.Event()
    seen = []
    for event in run(job(body), stop):
        seen.append((event["event"], *[line["text"] for line in event.get("lines", [])]))
        if event["event"] == "answer":
            stop.set()
    assert [event for event in seen if event[0] != "running"] == [
        ("console", "a"),
        ("console", "b"),
        ("answer",),
        ("end",),
    ]
    assert 0 < seen.index(("running",)) < seen.index(("console", "b"))


MANNERS = [
    ("cb(null, 1);", Ending.OK),
    ("throw new Error();", Ending.EXCEPTION),
    ("process.exit();", Ending.ENDED),
    ("", Ending.NO_CALLBACK),
    ("const all = []; for (;;) all.push(Buffer.alloc(1e7, 1));", Ending.MEMORY_LIMIT),
]


def in_threads(count: int, work: Any) -> None:
    """Let threads do `work` with their numbers, all at once."""
    start = threading.Barrier(count)

    def begin(number: int) -> None:
        start.wait()
        work(number)

    threads = [threading.Thread(target=begin, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_50_runs_at_once_take_turns() -> None:
    slots = Slots(2, 50, NoSlotError)
    endings: dict[int, Ending] = {}
    most: list[int] = []

    def work(number: int) -> None:
        with slots.take(60):
            most.append(len(processes()))
            endings[number] = run_to_end(job(MANNERS[number % len(MANNERS)][0])).ending

    in_threads(50, work)
    assert endings == {number: MANNERS[number % len(MANNERS)][1] for number in range(50)}
    # Who just got a place has no process yet.
    assert max(most) <= 1
    assert not slots.must_wait()


def test_of_50_runs_at_once_those_that_find_no_place_are_told() -> None:
    slots = Slots(2, 4, NoSlotError)
    all_told = threading.Event()
    told: list[str] = []
    ran: list[Ending] = []

    def work(number: int) -> None:
        try:
            with slots.take(60):
                all_told.wait(60)
                ran.append(run_to_end(job("cb();")).ending)
        except NoSlotError as busy:
            told.append(str(busy))
            if len(told) == 44:
                all_told.set()

    in_threads(50, work)
    assert ran == [Ending.OK] * 6
    assert told == [str(NoSlotError())] * 44
    assert not slots.must_wait()


def test_a_run_that_is_given_up_gives_its_place_back() -> None:
    slots = Slots(1, 1, NoSlotError)

    def events() -> Iterator[Event]:
        with slots.take():
            yield from run(job("console.log('here'); for (;;);"))

    begun = iter(events())
    next(begun)
    assert slots.must_wait()
    del begun  # as a server does with the answer to somebody who is gone
    until(lambda: not slots.must_wait())
    assert processes() == []


def test_the_hooks_own_message_is_told_where_its_error_is_no_json() -> None:
    script = (
        "const error = new Error('the CRM is down'); error.cause = new Error('no route'); error.me = error; cb(error);"
    )
    outcome = ended(script)
    assert error_of(outcome)["message"].startswith("Error serializing error: Converting circular structure to JSON")
    assert outcome.warnings == ["The hook's own error: the CRM is down Because of: no route"]
