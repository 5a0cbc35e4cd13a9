"""What measuring costs.

A request's processor time in one process, and the throughput of the real web server with everything that measures on
(the agent included) and off, both in turns.
"""

import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final
from unittest import mock

from benchmarks.report import Row, check_statuses
from benchmarks.stack import Stack, load

MICROSECONDS_MAX: Final = 60
SHARE_MAX: Final = 0.03
CONNECTIONS: Final = 16
EVERY_LINE: Final = 1_000_000
OFF: Final = {
    "METRICS_ENABLED": "false",
    "LOG_SAMPLE_RATE": "0",
    "LOG_REQUESTS_PER_SECOND": "0",
    "SQL_COMMENTS": "false",
}


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    market_id = stack.call("prepare", markets=1)["markets"][0]
    rounds, seconds = (3, 1.0) if is_quick else (9, 2.0)
    return list(measured(stack, market_id, rounds, seconds))


def measured(stack: Stack, market_id: int, rounds: int, seconds: float) -> Iterator[Row]:
    paths = {"an empty REST framework view": "/benchmark/empty", "one market": f"/api/v1/markets/{market_id}"}
    for lines in (100, EVERY_LINE):
        for name, path in paths.items():
            yield in_process(stack, name, path, lines, rounds)
    with ExitStack() as servers:
        ports = {"off": servers.enter_context(web(stack, OFF)), "on": servers.enter_context(web(stack, {}))}
        for name, path in paths.items():
            yield through_server(ports, name, path, rounds, seconds)


def in_process(stack: Stack, name: str, path: str, lines: int, rounds: int) -> Row:
    times = stack.call(
        "in_process",
        module="benchmarks.overhead_jobs",
        path=path,
        lines_per_second=lines,
        rounds=rounds,
        requests=400,
    )
    cost = times["with"] - times["without"]
    about = "a line for each" if lines == EVERY_LINE else f"{lines} lines/s"
    figure = f"{cost:.1f} us (of {times['with']:.0f} us of processor time)"
    return Row(f"measuring GET {name}, {about}", figure, cost, MICROSECONDS_MAX, is_ceiling=True)


@contextmanager
def web(stack: Stack, environment: dict[str, str]) -> Iterator[int]:
    """A web server with the product's defaults but for ``environment``."""
    given = stack.environment

    def changed(role: str) -> dict[str, str]:
        files = {"LOG_DIR": str(stack.directory / "logs"), "LOG_CONSOLE_LEVEL": "ERROR"}
        return given(role) | files | environment

    with mock.patch.object(stack, "environment", changed), ExitStack() as server:
        port = server.enter_context(stack.web())
        yield port


def through_server(ports: dict[str, int], name: str, path: str, rounds: int, seconds: float) -> Row:
    """Each round's two figures are neighbours in time, in an order that turns round."""
    shares, per_second = [], []
    for number in range(-1, rounds):
        order = ("off", "on") if number % 2 else ("on", "off")
        results: dict[str, Any] = {}
        for which in order:
            results[which] = load(port=ports[which], path=path, connections=CONNECTIONS, seconds=seconds)
            check_statuses(results[which])
        if number >= 0:
            shares.append(1 - results["on"]["per_second"] / results["off"]["per_second"])
            per_second.append(results["on"]["per_second"])
    share = statistics.median(shares)
    spread = f"rounds {min(shares):+.1%} to {max(shares):+.1%}"
    figure = f"{share:.1%} fewer requests ({statistics.median(per_second):,.0f}/s; {spread})"
    return Row(f"throughput of GET {name}, measured", figure, share, SHARE_MAX, is_ceiling=True)
