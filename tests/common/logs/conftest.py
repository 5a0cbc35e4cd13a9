"""The site's logging with files in a directory of the test's own."""

import json
import logging.config
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from common.logs.writer import writer
from opinion_market.settings import log
from opinion_market.settings.env import read

Lines = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def log_dir(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "logs"
    logging.config.dictConfig(log.config(replace(read({}), log_format="json"), str(directory)))
    yield directory
    logging.config.dictConfig(settings.LOGGING)


@pytest.fixture
def lines(log_dir: Path) -> Lines:
    def written(logger: str = "", name: str = "app.log") -> list[dict[str, Any]]:
        writer.flush()
        path = log_dir / name
        found = [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []
        return [line for line in found if logger in ("", line["logger"])]

    return written
