import asyncio
import logging

import pytest
from django.test import override_settings

from common.metrics.registry import registry
from common.request_context import RequestContext, current
from common.tracking import track_request


def _calls(name: str, outcome: str) -> float:
    return float(registry.metrics["tracked_calls_total"].of(name, outcome).value)


def test_a_call_is_counted_timed_and_answered() -> None:
    @track_request("double")
    def double(number: int) -> int:
        """Twice."""
        return 2 * number

    registry.metrics["tracked_call_seconds"].of("double").drain()
    assert (double(4), double.__doc__) == (8, "Twice.")
    assert _calls("double", "ok") == 1
    assert registry.metrics["tracked_call_seconds"].of("double").drain().count == 1


def test_what_it_raises_is_counted_by_its_class_and_passes() -> None:
    @track_request("refuse")
    def refuse() -> None:
        raise LookupError("nothing")

    with pytest.raises(LookupError, match="nothing"):
        refuse()
    assert (_calls("refuse", "LookupError"), _calls("refuse", "ok")) == (1, 0)


def test_a_call_while_an_error_is_handled_is_ok() -> None:
    @track_request("clean-up")
    def clean_up() -> None:
        return

    try:
        raise LookupError
    except LookupError:
        clean_up()
    assert _calls("clean-up", "ok") == 1


async def test_coroutines_are_timed_until_their_end() -> None:
    @track_request("wait")
    async def wait() -> str:
        await asyncio.sleep(0.02)
        context = current.get()
        assert context is not None
        return context.request_id

    registry.metrics["tracked_call_seconds"].of("wait").drain()
    one, other = await asyncio.gather(wait(), wait())
    assert one != other
    assert current.get() is None
    assert (registry.metrics["tracked_call_seconds"].of("wait").drain().low >= 0.02, _calls("wait", "ok")) == (True, 2)


def test_within_a_request_a_call_is_part_of_it() -> None:
    @track_request("inner")
    def inner() -> RequestContext | None:
        return current.get()

    context = RequestContext()
    token = current.set(context)
    assert inner() is context
    current.reset(token)
    assert inner() is not context
    assert current.get() is None


@override_settings(SLOW_REQUEST_THRESHOLD=0.0)
def test_a_slow_call_is_a_warning(caplog: pytest.LogCaptureFixture) -> None:
    @track_request("dawdle")
    def dawdle() -> None:
        return

    with caplog.at_level(logging.WARNING, "tracked"):
        dawdle()
    [record] = caplog.records
    assert (record.message, vars(record)["call"]) == ("slow_call", "dawdle")


@override_settings(METRICS_ENABLED=False)
def test_nothing_is_counted_when_measuring_is_off() -> None:
    @track_request("uncounted")
    def uncounted() -> None:
        return

    uncounted()
    assert _calls("uncounted", "ok") == 0
