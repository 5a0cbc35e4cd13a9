"""Spans of a running product as a collector gets them: each program says who it is, a caller's trace goes on."""

import urllib.request
from typing import Any

import pytest

from tests.deploy.conftest import Collector, Product, values_of, wait_for

pytestmark = pytest.mark.prometheus
PATIENCE_S = 120.0


def named(spans: list[Any], beginning: str) -> list[Any]:
    return [span for span in spans if span.name.startswith(beginning)]


def test_each_program_says_who_it_is_and_no_value_of_a_statement_leaves(product: Product, collector: Collector) -> None:
    wait_for(lambda: True if len(collector.spans) > 20 else None, "spans", PATIENCE_S)
    found = list(collector.spans)
    assert {resource["service.name"] for resource, _ in found} == {"opinion-market"}
    roles = wait_for(
        lambda: {r["opinion_market.role"] for r, _ in list(collector.spans)} >= {"web", "worker"} or None, "both", 90
    )
    assert roles
    texts = " ".join(f"{span.name} {values_of(span.attributes)}" for _, span in found)
    assert "olga" not in texts
    assert "WHERE" not in texts


def test_a_caller_who_asks_not_to_be_recorded_is_not(product: Product, collector: Collector) -> None:
    quiet, loud = "4bf92f3577b34da6a3ce929d0e0e4736", "5bf92f3577b34da6a3ce929d0e0e4736"
    for trace_id, flags in ((quiet, "00"), (loud, "01")):
        given = {"traceparent": f"00-{trace_id}-00f067aa0ba902b7-{flags}"}
        with urllib.request.urlopen(urllib.request.Request(f"{product.url}/api/v1/markets", headers=given)) as answer:
            assert answer.headers["traceparent"].split("-")[1] == trace_id
    (span,) = wait_for(lambda: named(collector.of_trace(loud), "GET ") or None, "the recorded one", PATIENCE_S)
    assert span.parent_span_id.hex() == "00f067aa0ba902b7"
    assert collector.of_trace(quiet) == []
