import io
import json
import logging
import logging.config
from collections.abc import Iterator

import pytest
import structlog
from django.conf import settings

from opinion_market.settings import log


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    config = log.config("INFO", "json")
    config["handlers"]["stderr"]["stream"] = stream
    logging.config.dictConfig(config)
    yield stream
    logging.config.dictConfig(settings.LOGGING)


def test_a_json_line_carries_extra_fields_and_the_request(lines: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(request_id="abcdefgh"):
        logging.getLogger("trading.test").info("Order placed.", extra={"market_id": 7})
    line = json.loads(lines.getvalue())
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "Order placed.", "level": "info", "logger": "trading.test", "market_id": 7, "request_id": "abcdefgh"
    }  # fmt: skip


def test_a_failure_is_one_line_with_its_trace(lines: io.StringIO) -> None:
    try:
        raise ValueError("no luck")
    except ValueError:
        logging.getLogger("trading.test").exception("It failed.")
    line = json.loads(lines.getvalue())
    assert line["level"] == "error"
    assert "ValueError: no luck" in line["exception"]
