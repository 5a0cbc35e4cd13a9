"""Calls that share a thread take turns, wait for each other, and hold up nobody."""

import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from queue import SimpleQueue
from typing import Any

import pytest

from common import shared_thread
from common.shared_thread import SharedThread, call_apart, closed_gate

_word: ContextVar[str] = ContextVar("word", default="nothing")


class House:
    """A shared thread with its answers in the order in which they came."""

    def __init__(self) -> None:
        self.answers: SimpleQueue[tuple[str, Any, BaseException | None]] = SimpleQueue()
        self.rounds = 0
        self.thread = SharedThread("shared", answered=self._answered, end_of_round=self._end)

    def _answered(self, key: str, answer: Any, error: BaseException | None) -> None:
        self.answers.put((key, answer, error))

    def _end(self) -> None:
        self.rounds += 1

    def begin(self, key: str, function: Callable[..., Any], *arguments: Any) -> None:
        self.thread.begin(key, function, arguments)

    def next(self) -> tuple[str, Any, BaseException | None]:
        return self.answers.get(timeout=60)


@pytest.fixture
def house() -> Iterator[House]:
    made = House()
    yield made
    made.thread.close()


def _wait_in(gates: list[Any]) -> int:
    gates.append(closed_gate())
    gates[-1].acquire()
    return threading.get_ident()


def test_elsewhere_a_gate_is_a_lock_and_a_call_a_call() -> None:
    gate = closed_gate()
    assert not gate.acquire(blocking=False)  # type: ignore[call-arg]
    gate.release()
    gate.acquire()
    assert call_apart(threading.get_ident) == threading.get_ident()


def test_who_waits_lets_the_others_go_on_in_the_same_thread(house: House) -> None:
    gates: list[Any] = []
    house.begin("first", _wait_in, gates)
    house.begin("second", _wait_in, gates)
    house.begin("third", threading.get_ident)
    key, thread, _ = house.next()
    assert (key, len(gates)) == ("third", 2)
    gates[1].release()
    assert house.next() == ("second", thread, None)
    gates[0].release()
    assert house.next() == ("first", thread, None)
    assert thread != threading.get_ident()


def test_a_gate_that_was_opened_before_somebody_waits_isn_t_waited_in(house: House) -> None:
    def open_then_wait() -> str:
        gate = closed_gate()
        gate.release()
        gate.acquire()
        return "through"

    house.begin("a", open_then_wait)
    assert house.next() == ("a", "through", None)


def test_each_call_has_a_context_of_its_own(house: House) -> None:
    gates: list[Any] = []

    def speak(word: str) -> str:
        _word.set(word)
        _wait_in(gates)
        return _word.get()

    house.begin("a", speak, "one")
    house.begin("b", speak, "two")
    house.begin("c", _word.get)
    assert house.next() == ("c", "nothing", None)
    for gate in gates:
        gate.release()
    assert [house.next()[:2] for _ in gates] == [("a", "one"), ("b", "two")]


def test_what_is_called_apart_has_another_thread_and_the_same_context(house: House) -> None:
    def ask() -> tuple[bool, str]:
        _word.set("mine")
        own = threading.get_ident()
        thread, word = call_apart(lambda: (threading.get_ident(), _word.get()))
        return thread != own, word

    house.begin("a", ask)
    assert house.next() == ("a", (True, "mine"), None)


def test_errors_come_out_where_they_belong(house: House) -> None:
    house.begin("plain", int, "x")
    house.begin("apart", call_apart, int, "y")
    assert sorted((key, str(error)[-3:]) for key, _, error in (house.next(), house.next())) == [
        ("apart", "'y'"),
        ("plain", "'x'"),
    ]
    house.begin("after", len, "abc")
    assert house.next() == ("after", 3, None)


def test_what_comes_meanwhile_is_taken_together_afterwards(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_thread, "PATIENCE_S", 60)
    began, gate = threading.Event(), threading.Event()

    def slow() -> str:
        began.set()
        return "slow" if gate.wait(60) else "late"

    house.begin("apart", call_apart, slow)
    assert began.wait(60)
    for key in "abc":
        house.begin(key, str, key)
    time.sleep(0.05)
    assert house.answers.empty()
    rounds = house.rounds
    gate.set()
    assert [house.next()[0] for _ in range(4)] == ["apart", "a", "b", "c"]
    house.begin("last", str)
    house.next()
    assert house.rounds - rounds <= 3


def test_what_takes_long_apart_holds_up_nobody_else(house: House) -> None:
    gate = threading.Event()
    house.begin("apart", call_apart, gate.wait, 60)
    house.begin("other", str, "other")
    assert house.next() == ("other", "other", None)
    gate.set()
    assert house.next() == ("apart", True, None)


def test_calls_apart_run_beside_each_other_within_their_bound(house: House) -> None:
    meeting = threading.Barrier(shared_thread.APART_MAX)
    for number in range(2 * shared_thread.APART_MAX):
        house.begin(str(number), call_apart, meeting.wait, 60)
    answers = [house.next() for _ in range(2 * shared_thread.APART_MAX)]
    assert [error for _, _, error in answers] == [None] * len(answers)
    assert len(house.thread._apart._threads) == shared_thread.APART_MAX


def test_without_a_thread_to_spare_the_shared_one_does_it_itself(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    start = threading.Thread.start

    def start_but(thread: threading.Thread) -> None:
        if thread.name.startswith("shared_"):
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_but)
    house.begin("plain", threading.get_ident)
    house.begin("apart", call_apart, threading.get_ident)
    (_, own, _), (_, without, _) = house.next(), house.next()
    monkeypatch.undo()
    house.begin("apart", call_apart, threading.get_ident)
    assert own == without != house.next()[1]


def test_a_mistake_between_calls_leaves_nobody_waiting(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    real = shared_thread.close_old_connections
    failing = iter([True])

    def fail_once() -> None:
        if next(failing, False):
            raise ValueError("a mistake")
        real()

    monkeypatch.setattr(shared_thread, "close_old_connections", fail_once)
    house.begin("a", call_apart, len, "abc")
    assert house.next() == ("a", 3, None)
    assert next(failing, None) is None


def test_it_ends_when_all_is_answered() -> None:
    house, gates = House(), list[Any]()
    house.begin("a", _wait_in, gates)
    house.begin("b", call_apart, time.sleep, 0.01)
    while not gates:
        time.sleep(0.001)
    ending = threading.Thread(target=house.thread.close)
    ending.start()
    ending.join(0.05)
    assert ending.is_alive()
    gates[0].release()
    ending.join(60)
    assert {house.next()[0], house.next()[0]} == {"a", "b"}
    assert house.thread._thread is not None
    assert not house.thread._thread.is_alive()
