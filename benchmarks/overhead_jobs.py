"""Requests through Django's WSGI application in this process, with and without what measures them.

With: ids, measurements, log files, timed statements with comments. Without: a middleware that only gives the request an
id. In turns, so that a slow minute hits both. Processor time, the writer's thread included.
"""

import gc
import io
import json
import logging.config
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from common.logs.writer import writer
from common.query_count import switch
from opinion_market.postgresql import base
from opinion_market.settings import log

_CURSORS: Final = {False: base.base.DatabaseWrapper.make_cursor, True: base.DatabaseWrapper.make_cursor}


class IdOnly:
    """What was there before anything was measured."""

    def __init__(self, get_response: Callable[[Any], Any]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        request.request_id = os.urandom(8).hex()
        response = self.get_response(request)
        response.headers["X-Request-ID"] = request.request_id
        return response


def handler(*, is_measured: bool) -> WSGIHandler:
    first = "common.middleware.RequestMiddleware" if is_measured else "benchmarks.overhead_jobs.IdOnly"
    with override_settings(MIDDLEWARE=[first, *settings.MIDDLEWARE[1:]]):
        return WSGIHandler()


def environ(path: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost",
        "HTTP_USER_AGENT": "benchmark", "CONTENT_LENGTH": "0", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }  # fmt: skip


def _started(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
    assert status.startswith("200"), status


def round_us(application: WSGIHandler, path: str, requests: int) -> float:
    """Microseconds of processor time for each of ``requests``."""
    writer.flush()
    began = time.process_time()
    for _ in range(requests):
        answer = application(environ(path), _started)
        for _piece in answer:
            pass
        answer.close()
    writer.flush()
    return (time.process_time() - began) / requests * 1e6


def in_process(*, path: str, lines_per_second: int, rounds: int, requests: int) -> dict[str, float]:
    """Median microseconds a request, ``without`` and ``with`` measuring."""
    times: dict[bool, list[float]] = {False: [], True: []}
    env = replace(settings.ENV, log_console_level="ERROR", log_level="INFO")
    with tempfile.TemporaryDirectory() as directory, override_settings(LOG_REQUESTS_PER_SECOND=lines_per_second):
        logging.config.dictConfig(log.config(env, directory))
        applications = {is_measured: handler(is_measured=is_measured) for is_measured in times}
        for number in range(-2, rounds):
            for is_measured in (False, True) if number % 2 else (True, False):
                switch.is_on = switch.has_comments = is_measured
                base.DatabaseWrapper.make_cursor = _CURSORS[is_measured]  # type: ignore[method-assign]
                gc.collect()
                took = round_us(applications[is_measured], path, requests)
                if number >= 0:
                    times[is_measured].append(took)
        logging.config.dictConfig(log.config(env, ""))
    return {"without": statistics.median(times[False]), "with": statistics.median(times[True])}


if __name__ == "__main__":
    print(json.dumps({"in_process": in_process}[sys.argv[1]](**json.loads(sys.argv[2]))))
