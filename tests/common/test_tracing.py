"""Spans are made from the ids that a request has, only when somebody collects them, and never hold values."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from common import tracing as module
from common.query_count import count_query
from common.request_context import RequestContext, current
from common.tracing import Kind, Span, Tracing, trace_part, trace_work, tracing

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"


class Kept:
    """An exporter that keeps what it gets."""

    made: list["Kept"] = []

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.is_stopped = False
        Kept.made.append(self)

    def take(self, span: Span) -> None:
        self.spans.append(span)

    def stop(self) -> None:
        self.is_stopped = True


@pytest.fixture
def made() -> Iterator[list[Kept]]:
    Kept.made.clear()
    tracing.turn_on(f"{__name__}.Kept")
    yield Kept.made
    tracing.turn_off()
    Kept.made.clear()


def context(flags: str = "01", trace_id: str = TRACE) -> RequestContext:
    return RequestContext("request-1", f"00-{trace_id}-{PARENT}-{flags}")


def test_an_exporter_is_made_with_the_first_span_once(made: list[Kept]) -> None:
    assert made == []
    trace_work(context(), "GET /", Kind.SERVER, 0.5)
    trace_work(context(), "GET /", Kind.SERVER, 0.5)
    assert len(made) == 1
    assert len(made[0].spans) == 2


def test_a_request_has_the_ids_of_its_context(made: list[Kept]) -> None:
    given = context()
    trace_work(given, "GET /x", Kind.SERVER, 0.25, is_failed=True, http__route="/x", error__type=None)
    (span,) = made[0].spans
    assert (span.trace_id, span.span_id, span.parent_id) == (TRACE, given.span_id, PARENT)
    assert span.ended - span.began == 250_000_000
    assert span.attributes == {"request.id": "request-1", "http.route": "/x"}
    assert span.is_failed


def test_a_part_hangs_on_it_with_an_id_of_its_own(made: list[Kept]) -> None:
    given = context()
    trace_part(given, "part", Kind.INTERNAL, 0.1)
    (span,) = made[0].spans
    assert (span.trace_id, span.parent_id) == (TRACE, given.span_id)
    assert span.span_id not in (given.span_id, PARENT)
    assert len(span.span_id) == 16


def test_statements_are_told_without_their_values(made: list[Kept]) -> None:
    given = context()
    token = current.set(given)
    try:
        count_query(0.002, text="SELECT id FROM trading_order WHERE market_id = 7 AND note = 'hush'")
        count_query(0.004, 3)
    finally:
        current.reset(token)
    one, many = made[0].spans
    assert (one.name, one.kind) == ("SELECT trading_order by market_id, note", Kind.CLIENT)
    assert one.attributes == {"db.system.name": "postgresql"}
    assert (many.name, many.attributes["db.operation.batch.size"]) == ("3 statements", 3)


def test_outside_of_any_work_statements_have_no_span(made: list[Kept]) -> None:
    assert current.get() is None
    count_query(0.002, text="SELECT 1")
    assert made == []


def test_who_asks_not_to_be_recorded_is_not(made: list[Kept]) -> None:
    trace_work(context("00"), "GET /", Kind.SERVER, 0.1)
    trace_part(context("00"), "part", Kind.CLIENT, 0.1)
    assert made == []


@pytest.mark.parametrize(
    ("share", "tail", "is_kept"),
    [(0.0, "0" * 16, False), (0.25, "3" + "f" * 15, True), (0.25, "4" + "0" * 15, False), (1.0, "f" * 16, True)],
)
def test_a_share_is_chosen_by_the_id_alone(share: float, tail: str, is_kept: bool) -> None:
    some = Tracing()
    some.turn_on(f"{__name__}.Kept", share=share)
    assert some.is_kept(context(trace_id="a" * 16 + tail)) is is_kept


def test_stopping_sends_what_is_left_and_the_next_span_begins_anew(made: list[Kept]) -> None:
    trace_work(context(), "GET /", Kind.SERVER, 0.1)
    tracing.stop()
    assert made[0].is_stopped
    trace_work(context(), "GET /", Kind.SERVER, 0.1)
    assert len(made) == 2


def test_a_forked_process_has_an_exporter_of_its_own(made: list[Kept], monkeypatch: pytest.MonkeyPatch) -> None:
    trace_work(context(), "GET /", Kind.SERVER, 0.1)
    pid = os.getpid()
    monkeypatch.setattr(module.os, "getpid", lambda: pid + 1)
    trace_work(context(), "GET /", Kind.SERVER, 0.1)
    assert [len(one.spans) for one in made] == [1, 1]
    tracing.stop()
    assert [one.is_stopped for one in made] == [False, True]


@pytest.mark.django_db
def test_a_page_tells_its_trace_only_while_it_is_collected(made: list[Kept], client: Client) -> None:
    given: dict[str, Any] = {"headers": {"traceparent": f"00-{TRACE}-{PARENT}-01"}}
    shown = client.get("/accounts/login/", **given).content.decode()
    (page,) = [span for span in made[0].spans if span.kind is Kind.SERVER]
    assert f'<meta name="traceparent" content="00-{TRACE}-{page.span_id}-01">' in shown
    assert page.name.startswith("GET ")
    assert page.attributes["http.response.status_code"] == 200
    tracing.turn_off()
    assert "traceparent" not in client.get("/accounts/login/", **given).content.decode()
