"""Ids travel with tasks: through the headers of messages, and in place."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from celery import shared_task, signals

from common.request_context import RequestContext, current
from tests.common.logs.conftest import Lines, lines, log_dir

__all__ = ["lines", "log_dir"]
TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.fixture
def context() -> Iterator[RequestContext]:
    made = RequestContext("caller-0001", f"00-{TRACE}-{SPAN}-01")
    token = current.set(made)
    yield made
    current.reset(token)


@shared_task(name="tests.remember")
def _remember(fails: bool) -> dict[str, str]:
    logging.getLogger("site").info("Within.")
    if fails:
        raise LookupError("nothing")
    found = current.get()
    assert found is not None
    return found.ids()


def _headers() -> dict[str, Any]:
    """What a message is sent with."""
    headers: dict[str, Any] = {}
    signals.before_task_publish.send("tests.remember", headers=headers, body=(), exchange="", routing_key="")
    return headers


def test_a_message_carries_the_ids_of_what_sends_it(context: RequestContext) -> None:
    headers = _headers()
    assert (headers["x-request-id"], headers["traceparent"]) == ("caller-0001", context.traceparent)


def test_a_message_of_beat_begins_a_trace() -> None:
    one, other = _headers(), _headers()
    assert one["traceparent"] != other["traceparent"]
    assert len(one["x-request-id"]) == 16


def test_a_task_continues_what_sent_it(context: RequestContext, lines: Lines) -> None:
    headers = _headers()
    token = current.set(None)
    answer = _remember.apply(kwargs={"fails": False}, headers=headers).get(disable_sync_subtasks=False)
    assert current.get() is None
    current.reset(token)
    assert (answer["request_id"], answer["trace_id"], answer["parent_id"]) == ("caller-0001", TRACE, context.span_id)
    within, line = lines()
    assert (within["event"], within["request_id"], within["trace_id"]) == ("Within.", "caller-0001", TRACE)
    told = [line[name] for name in ("logger", "event", "task", "state", "level", "request_id", "trace_id", "db_count")]
    assert told == ["task", "task", "tests.remember", "SUCCESS", "info", "caller-0001", TRACE, 0]
    assert line["span_id"] == within["span_id"] == answer["span_id"]


def test_a_task_that_runs_in_place_is_part_of_the_request(context: RequestContext) -> None:
    answer = _remember.apply(kwargs={"fails": False}).get(disable_sync_subtasks=False)
    assert (answer["request_id"], answer["parent_id"]) == ("caller-0001", context.span_id)
    assert current.get() is context


def test_a_failed_task_is_a_warning_and_leaves_nothing_behind(lines: Lines) -> None:
    with pytest.raises(LookupError):
        _remember.apply(kwargs={"fails": True}, throw=True)
    line = lines("task")[0]
    assert (line["state"], line["level"]) == ("FAILURE", "warning")
    assert current.get() is None
