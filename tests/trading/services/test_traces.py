"""Each record belongs to the trace of who sent its command, whoever's thread executed the batch."""

from collections.abc import Iterator
from typing import Any

import pytest

from common.request_context import RequestContext, current
from common.tracing import Span, tracing
from tests.factories.trading import document, funded_alice, live_market, order, spec
from trading import subscribers
from trading.services import submit as door
from trading.services import traces as module
from trading.services.cancel_all import cancel_all
from trading.services.submit import submit, submit_together
from trading.services.traces import noted, trace_of_record
from trading.types import CancelOrder

pytestmark = pytest.mark.django_db


class Nowhere:
    def take(self, span: Span) -> None: ...

    def stop(self) -> None: ...


@pytest.fixture
def context() -> Iterator[RequestContext]:
    tracing.turn_on(f"{__name__}.Nowhere")
    context = RequestContext()
    token = current.set(context)
    try:
        yield context
    finally:
        current.reset(token)
        tracing.turn_off()


@pytest.fixture
def nudges(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    found: list[Any] = []
    monkeypatch.setattr(subscribers, "nudge", lambda market_id, seq, traces=(): found.append((seq, traces)))
    return found


def test_a_command_of_another_thread_belongs_to_its_senders_trace(
    context: RequestContext, nudges: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    alice, market, other = funded_alice(), live_market(), RequestContext()
    theirs, own = order(alice, spec(market, shares=1)), order(alice, spec(market, shares=1))
    queue = door._queues[market.pk] = door._Queue()
    queue.waiting.append(door._Ticket(theirs))
    token = current.set(other)
    with noted([theirs]), django_capture_on_commit_callbacks(execute=True):
        current.reset(token)
        seq = document(submit(own))["seq"]
    assert nudges[-1] == (seq, ((seq - 1, other.traceparent), (seq, context.traceparent)))
    assert module._noted == {}


def test_a_refused_command_has_no_record_and_so_no_trace(
    context: RequestContext, nudges: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    alice, market = funded_alice(), live_market()
    with django_capture_on_commit_callbacks(execute=True):
        answers = submit_together(market.pk, [CancelOrder(alice.pk, 999_999), order(alice, spec(market, shares=1))])
    (seq, traces) = nudges[-1]
    assert [answer.status for answer in answers] == [404, 201]  # type: ignore[union-attr]
    assert traces == ((seq, context.traceparent),)


def test_what_nobody_sent_belongs_to_who_executes_it(
    context: RequestContext, nudges: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    alice, market = funded_alice(), live_market()
    resting = submit(order(alice, spec(market, price=0.01, shares=1)))
    seq = document(resting)["seq"] + 1
    with django_capture_on_commit_callbacks(execute=True):
        cancel_all(market.pk)
    assert nudges == [(seq, ((seq, context.traceparent),))]


def test_who_asks_not_to_be_recorded_is_told_to_nobody(
    context: RequestContext, nudges: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    alice, market = funded_alice(), live_market()
    context.flags = "00"
    with django_capture_on_commit_callbacks(execute=True):
        submit(order(alice, spec(market, shares=1)))
    assert nudges[-1][1] == ()
    assert trace_of_record(7) == ()


def test_while_nobody_collects_nothing_is_noted(nudges: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    alice, market = funded_alice(), live_market()
    with django_capture_on_commit_callbacks(execute=True):
        submit(order(alice, spec(market, shares=1)))
    assert nudges[-1][1] == ()
    assert module._noted == {}
    assert trace_of_record(7) == ()
