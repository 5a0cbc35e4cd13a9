"""Answers of threads find their way back to the loop, together where they are ready together."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from opinion_market.request_threads import RequestThreads


@pytest.fixture
def threads() -> Iterator[RequestThreads]:
    made = RequestThreads(2)
    yield made
    made.close()


async def test_answers_and_errors_come_to_those_who_asked(threads: RequestThreads) -> None:
    found = await asyncio.gather(
        threads.run(divmod, 7, 2), threads.run(int, "x"), threads.run(len, "abc"), return_exceptions=True
    )
    assert (found[0], type(found[1]), found[2]) == ((3, 1), ValueError, 3)


async def test_as_many_threads_as_there_is_work_and_no_more(threads: RequestThreads) -> None:
    assert await threads.run(threading.get_ident) == await threads.run(threading.get_ident)
    gate, names = threading.Event(), set[int]()

    def wait() -> None:
        names.add(threading.get_ident())
        gate.wait(60)

    waiting = [threads.run(wait) for _ in range(5)]
    gate.set()
    await asyncio.gather(*waiting)
    assert len(names) <= 2
    assert len(threads._threads) == 2


async def test_when_no_thread_can_be_started_those_that_there_are_answer(
    threads: RequestThreads, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    own = await threads.run(threading.get_ident)
    gate = threading.Event()
    first = threads.run(gate.wait, 60)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    second = threads.run(threading.get_ident)
    gate.set()
    assert (await first, await second) == (True, own)

    fresh = RequestThreads(2)
    with pytest.raises(RuntimeError, match="start new thread"):
        fresh.run(len, "abc")
    with pytest.raises(RuntimeError, match="start new thread"):
        fresh.run_shared(len, "abc")
    monkeypatch.undo()
    assert await asyncio.gather(fresh.run(len, "abc"), fresh.run_shared(len, "abcd")) == [3, 4]
    fresh.close()


async def test_answers_that_are_ready_together_wake_the_loop_once(threads: RequestThreads) -> None:
    calls: list[object] = []
    loop = asyncio.get_running_loop()
    call, done = loop.call_soon_threadsafe, threading.Semaphore(0)

    def counted(*arguments: object) -> object:
        calls.append(arguments)
        return call(*arguments)  # type: ignore[arg-type]

    loop.call_soon_threadsafe = counted  # type: ignore[method-assign, assignment]
    first, second = threads.run(done.release), threads.run(done.release)
    assert done.acquire(timeout=60)
    assert done.acquire(timeout=60)
    await asyncio.gather(first, second)
    assert len(calls) <= 2
    assert not threads._answers


async def test_what_nobody_waits_for_any_more_is_not_begun_and_harms_nobody(threads: RequestThreads) -> None:
    gate, began = threading.Event(), list[int]()
    busy = [threads.run(gate.wait, 60) for _ in range(2)]
    given_up = threads.run(began.append, 1)
    given_up.cancel()
    busy[0].cancel()
    gate.set()
    assert await busy[1] is True
    assert await threads.run(len, "ab") == 2
    assert began == []


async def test_all_that_was_handed_over_is_answered_before_the_threads_end() -> None:
    threads, gate = RequestThreads(1), threading.Event()
    waiting = [threads.run(gate.wait, 60), threads.run(len, "abc")]
    closing = asyncio.get_running_loop().run_in_executor(None, threads.close)
    gate.set()
    assert await asyncio.gather(*waiting) == [True, 3]
    await closing
    assert not any(thread.is_alive() for thread in threads._threads)
    with pytest.raises(RuntimeError):
        threads.run(len, "abc")


def test_a_loop_that_has_ended_leaves_the_next_one_its_answers(threads: RequestThreads) -> None:
    gate, begun = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        gate.wait(60)

    async def leave() -> None:
        threads.run(wait)
        assert await asyncio.get_running_loop().run_in_executor(None, begun.wait, 60)

    async def ask() -> int:
        return int(await threads.run(len, "abc")) + int(await threads.run(len, "ab"))

    asyncio.run(leave())
    gate.set()
    assert asyncio.run(ask()) == 5
