"""Traces of records between processes, and in the frames of those whose command it was."""

import orjson
import pytest

from common import clock
from common.tracing import Span, tracing
from trading.realtime.traces import WAITING_MAX, WaitingTraces, heard_of, message_of
from trading.selectors.stream import StreamRecord

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{SPAN}-01"


class Kept:
    spans: list[Span] = []

    def take(self, span: Span) -> None:
        Kept.spans.append(span)

    def stop(self) -> None: ...


@pytest.fixture
def spans():
    Kept.spans = []
    tracing.turn_on(f"{__name__}.Kept")
    yield Kept.spans
    tracing.turn_off()


def record(seq=5, user_id=7):
    command = {"c": ["cancel", user_id, 3, None]}
    return StreamRecord(seq, "order_cancelled", clock.now(), command)


def test_a_message_says_what_was_told():
    traces = ((5, TRACEPARENT), (6, TRACEPARENT))
    assert heard_of(message_of(12, traces).encode()) == (12, traces)


@pytest.mark.parametrize(
    "message", [b"12:345", b"", b"trace:", b"trace:x:5=6", b"trace:12:", b"trace:-1:5=" + TRACEPARENT.encode()]
)
def test_other_messages_are_none(message):
    assert heard_of(message) is None


@pytest.mark.parametrize("part", [b"5=", b"x=" + TRACEPARENT.encode(), b"5=00-" + b"A" * 32, b",,", b"5"])
def test_a_broken_part_is_passed_over(part):
    good = f",6={TRACEPARENT}".encode()
    assert heard_of(b"trace:12:" + part + good) == (12, ((6, TRACEPARENT),))


def test_a_record_is_told_of_once_with_a_span_of_its_own(spans):
    waiting = WaitingTraces()
    waiting.note(((4, TRACEPARENT), (5, TRACEPARENT)))
    telling = waiting.begin(5)
    assert telling is not None
    telling.end(record(), 12)
    assert (waiting.begin(5), waiting.begin(4)) == (None, None), "older ones have passed"
    (span,) = spans
    assert (span.name, span.trace_id, span.parent_id) == ("tell /ws/v1/stream", TRACE, SPAN)
    assert span.attributes == {
        "opinion_market.market": 12, "opinion_market.event": "order_cancelled", "opinion_market.seq": 5,
    }  # fmt: skip


def test_a_record_without_a_trace_is_told_of_without(spans):
    waiting = WaitingTraces()
    assert waiting.begin(1) is None
    waiting.note(((5, TRACEPARENT),))
    assert waiting.begin(4) is None
    assert waiting.begin(5) is not None


def test_where_nobody_collects_nothing_waits():
    waiting = WaitingTraces()
    waiting.note(((5, TRACEPARENT),))
    assert waiting._by_seq == {}


def test_only_the_newest_wait(spans):
    waiting = WaitingTraces()
    waiting.note(tuple((seq, TRACEPARENT) for seq in range(WAITING_MAX + 3)))
    assert sorted(waiting._by_seq) == list(range(3, WAITING_MAX + 3))


def test_the_ids_are_for_the_one_whose_command_it_was(spans, monkeypatch):
    class Effects:
        class command:
            user_id = 7

    monkeypatch.setattr(StreamRecord, "effects", Effects)
    waiting = WaitingTraces()
    waiting.note(((5, TRACEPARENT),))
    telling = waiting.begin(5)
    tail = '"type":"order","seq":5}'
    told = orjson.loads("{" + telling.frame_of(tail, record(), 7))
    _, trace_id, span_id, flags = told.pop("traceparent").split("-")
    telling.end(record(), 12)
    assert (trace_id, span_id, flags) == (TRACE, spans[0].span_id, "01")
    assert told == {"type": "order", "seq": 5}
    assert telling.frame_of(tail, record(), 8) == tail


def test_the_markets_own_records_tell_nobody(spans):
    waiting = WaitingTraces()
    waiting.note(((5, TRACEPARENT),))
    assert waiting.begin(5).frame_of("{}", StreamRecord(5, "closed", clock.now(), {}), 7) == "{}"
