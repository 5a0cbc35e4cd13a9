"""What browsers say of themselves becomes spans, if it is of the few things that we know."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.test import Client

from common.tracing import Kind, Span, tracing
from monitoring.web import traces as module

TRACE: Final = "4bf92f3577b34da6a3ce929d0e0e4736"
SPAN: Final = "00f067aa0ba902b7"
PARENT: Final = "10f067aa0ba902b7"
GOOD: Final[dict[str, Any]] = {
    "kind": "ask", "name": "POST /api/v1/orders", "trace_id": TRACE, "span_id": SPAN, "parent_id": PARENT,
    "ms": 12.5, "ago_ms": 1000,
}  # fmt: skip


class Kept:
    spans: list[Span] = []

    def take(self, span: Span) -> None:
        Kept.spans.append(span)

    def stop(self) -> None: ...


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Span]]:
    """Those of browsers; our own request has one as well."""
    Kept.spans = []
    monkeypatch.setattr(module._budget, "_second", 0)
    tracing.turn_on(f"{__name__}.Kept")
    yield Kept.spans
    tracing.turn_off()


def send(*told: Any, body: Any = None) -> int:
    sent = {"spans": list(told)} if body is None else body
    return Client().post("/traces", sent, content_type="application/json").status_code


def of_browsers(spans: list[Span]) -> list[Span]:
    return [span for span in spans if span.attributes.get("opinion_market.side") == "browser"]


def test_nobody_is_here_while_nobody_collects() -> None:
    assert send(GOOD) == 404
    assert Client().get("/traces").status_code == 405


def test_a_span_is_taken_with_its_ids_and_its_age(spans: list[Span], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("common.tracing.time.time_ns", lambda: 10_000_000_000)
    assert send(GOOD) == 204
    (span,) = of_browsers(spans)
    assert (span.name, span.kind) == ("ask POST /api/v1/orders", Kind.CLIENT)
    assert (span.trace_id, span.span_id, span.parent_id) == (TRACE, SPAN, PARENT)
    assert (span.began, span.ended) == (8_987_500_000, 9_000_000_000)
    assert span.attributes == {"opinion_market.side": "browser"}


@pytest.mark.parametrize(
    ("kind", "name", "shown"),
    [
        ("load", "/", "load /"),
        ("load", "/markets/will-it-rain", "load /markets/{slug}"),
        ("load", "/accounts/settings/", "load /accounts/settings"),
        ("ask", "DELETE /api/v1/orders/17", "ask DELETE /api/v1/orders/{order_id}"),
        ("hear", "book.delta", "hear book.delta"),
    ],
)
def test_names_are_those_of_routes_and_frames(spans: list[Span], kind: str, name: str, shown: str) -> None:
    assert send(GOOD | {"kind": kind, "name": name, "parent_id": ""}) == 204
    assert [(span.name, span.parent_id) for span in of_browsers(spans)] == [(shown, "")]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "steal"}, {"kind": None}, {"name": None}, {"name": "nothing"}, {"name": "TRACE /"}, {"name": "POST"},
        {"kind": "load", "name": "/no/such/page"}, {"kind": "load", "name": "markets"}, {"kind": "load", "name": ""},
        {"kind": "hear", "name": "x" * 40}, {"kind": "hear", "name": "a b"},
        {"trace_id": "0" * 32}, {"trace_id": TRACE.upper()}, {"trace_id": TRACE + "\n"}, {"trace_id": 7},
        {"span_id": "0" * 16}, {"span_id": None}, {"parent_id": None}, {"parent_id": "0" * 16}, {"parent_id": "xyz"},
        {"ms": -1}, {"ms": "5"}, {"ms": None}, {"ms": True}, {"ago_ms": 10**30}, {"ago_ms": 600_001}, {"ago_ms": -0.1},
    ],
)  # fmt: skip
def test_anything_else_is_passed_over(spans: list[Span], change: dict[str, Any]) -> None:
    assert send(GOOD | change, GOOD) == 204
    assert [span.name for span in of_browsers(spans)] == ["ask POST /api/v1/orders"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b'"x"', b'{"spans": 7}', b'{"spans": [7, null, "x", []]}', b"\xff"]
)
def test_what_is_no_list_of_spans_is_passed_over(spans: list[Span], body: bytes) -> None:
    assert send(body=body) == 204
    assert of_browsers(spans) == []


def test_too_many_and_too_much_is_cut(spans: list[Span], monkeypatch: pytest.MonkeyPatch) -> None:
    assert send(*[GOOD] * (module.SPANS_MAX + 1)) == 204
    assert len(of_browsers(spans)) == module.SPANS_MAX
    assert send(GOOD | {"more": "x" * module.BODY_MAX}) == 204
    assert len(of_browsers(spans)) == module.SPANS_MAX
    monkeypatch.setattr(module._budget, "admits", lambda _: False)
    assert send(GOOD) == 204
    assert len(of_browsers(spans)) == module.SPANS_MAX
