"""The logging of the site as configured, with files in a directory of the test's own."""

import json
import logging
import logging.config
import os
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.conf import settings

from common.logs.handler import LineHandler
from common.logs.writer import writer
from common.request_context import RequestContext, current
from opinion_market.settings import log
from opinion_market.settings.env import read

Lines = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    url = "postgresql://me:canary-database@host/db"  # not-a-secret
    env = replace(read({}), log_format="json", database_url=url)
    logging.config.dictConfig(log.config(env, str(tmp_path)))

    def written(name: str = "app.log") -> list[dict[str, Any]]:
        writer.flush()
        path = tmp_path / name
        return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []

    yield written
    logging.config.dictConfig(settings.LOGGING)


@pytest.fixture
def context() -> Iterator[RequestContext]:
    made = RequestContext("caller-0001", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
    token = current.set(made)
    yield made
    current.reset(token)


def test_a_line_carries_extra_fields_and_the_request(lines: Lines, context: RequestContext) -> None:
    logging.getLogger("trading.test").info("Order %s placed.", 5, extra={"market_id": 7})
    [line] = lines()
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "Order 5 placed.", "level": "info", "logger": "trading.test", "market_id": 7, "pid": os.getpid(),
        "request_id": "caller-0001", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736", "span_id": context.span_id,
        "parent_id": "00f067aa0ba902b7",
    }  # fmt: skip


def test_a_line_outside_of_any_request_has_the_id_of_its_process(lines: Lines) -> None:
    logging.getLogger("trading.test").info("Hello.")
    [line] = lines()
    assert line["request_id"] == writer.identity.request_id
    assert line["request_id"].startswith("process-")


def test_a_failure_is_one_line_with_its_trace_in_both_files_at_once(lines: Lines, tmp_path: Path) -> None:
    try:
        raise ValueError("no luck")
    except ValueError:
        logging.getLogger("trading.test").exception("It failed.")
    # Without flushing: errors don't wait.
    [line] = [json.loads(line) for line in (tmp_path / "error.log").read_bytes().splitlines()]
    assert line["level"] == "error"
    assert line["exception"].endswith("ValueError: no luck")
    assert lines() == [line]


def test_only_errors_reach_the_file_of_errors(lines: Lines) -> None:
    logging.getLogger("trading.test").warning("Careful.")
    assert (lines("app.log")[0]["level"], lines("error.log")) == ("warning", [])


def test_structlog_writes_the_same_lines(lines: Lines, context: RequestContext) -> None:
    structlog.get_logger("trading.test").warning("batch_slow", market_id=7, name="x", password="canary")
    [line] = lines()
    assert (line["event"], line["market_id"], line["name_"], line["password"], line["request_id"]) == (
        "batch_slow", 7, "x", "[redacted]", "caller-0001"
    )  # fmt: skip


def test_standard_error_has_json_too(lines: Lines, capfd: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("trading.test").info("Hello.")
    writer.flush()
    assert json.loads(capfd.readouterr().err)["event"] == "Hello."


def test_standard_error_for_people(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(log.config(read({}), ""))
    try:
        logging.getLogger("trading.test").error("It failed.", extra={"market_id": 7})
    finally:
        logging.config.dictConfig(settings.LOGGING)
    told = capfd.readouterr().err
    assert "error    It failed. market_id=7 request_id=process-" in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["django", "django.request", "celery.worker", "_granian", "granian.access", "httpx", "x"]
)
def test_every_library_goes_through_the_root(lines: Lines, name: str) -> None:
    logger = logging.getLogger(name)
    assert [one for one in logger.handlers if not isinstance(one, logging.NullHandler)] == []
    assert logger.propagate
    logger.error("From %s.", name)
    assert [line["logger"] for line in lines()] == [name]


def test_strange_records_are_lines_as_well(lines: Lines) -> None:
    handler = LineHandler()
    facts = {"name": "x", "levelno": logging.INFO, "levelname": "INFO"}
    handler.handle(logging.makeLogRecord({**facts, "msg": "%d of %s", "args": ("not a number",)}))
    handler.handle(logging.makeLogRecord({**facts, "msg": "lone \ud800 surrogate", "big": 2**70, "thing": object}))
    first, second = lines()
    assert (first["event"], first["log_error"]) == ("%d of %s", "TypeError")
    assert (second["event"], second["big"]) == ("'lone \\ud800 surrogate'", str(2**70))
    assert {"timestamp", "level", "logger", "request_id", "pid"} <= first.keys() & second.keys()


def test_a_warning_of_python_is_a_line(lines: Lines) -> None:
    logging.captureWarnings(True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            warnings.warn("old way", DeprecationWarning, stacklevel=1)
    finally:
        logging.captureWarnings(False)
    assert "old way" in lines()[0]["event"]


def test_the_settings_own_secrets_never_show(lines: Lines) -> None:
    logging.getLogger("trading.test").info("It says canary-database.")
    assert lines()[0]["event"] == "It says [redacted]."


def test_arguments_of_tasks_and_queries_of_addresses_are_left_out(lines: Lines) -> None:
    extra = {"data": {"args": "['canary']"}, "request": "<WSGIRequest: GET '/x?canary'>"}
    logging.getLogger("celery.test").error("Failed at /x?canary=1 again", extra=extra)
    assert "canary" not in json.dumps(lines())


def test_directories(tmp_path: Path) -> None:
    env = read({})
    assert log.directory(env, tmp_path) == str(tmp_path / "logs")
    assert log.directory(replace(env, data_dir=str(tmp_path / "data")), Path("/x")) == str(tmp_path / "data" / "logs")
    assert log.directory(replace(env, log_dir=str(tmp_path / "own")), Path("/x")) == str(tmp_path / "own")
    assert log.directory(replace(env, log_dir="none"), tmp_path) == ""
