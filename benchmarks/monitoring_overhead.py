"""What measuring costs.

A request's processor time in one process, and the throughput of the real web server with everything that measures on
(the agent included) and off, both in turns.
"""

import random
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
PAIRS: Final = 40
SECONDS: Final = 1.0
EVERY_LINE: Final = 1_000_000
OFF: Final = {
    "METRICS_ENABLED": "false",
    "LOG_SAMPLE_RATE": "0",
    "LOG_REQUESTS_PER_SECOND": "0",
    "SQL_COMMENTS": "false",
}


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    market_id = stack.call("prepare", markets=1)["markets"][0]
    return list(measured(stack, market_id, is_quick=is_quick))


def measured(stack: Stack, market_id: int, *, is_quick: bool) -> Iterator[Row]:
    paths = {"an empty REST framework view": "/benchmark/empty", "one market": f"/api/v1/markets/{market_id}"}
    for lines in (100, EVERY_LINE):
        for name, path in paths.items():
            yield in_process(stack, name, path, lines, 3 if is_quick else 9)
    with ExitStack() as servers:
        ports = {"off": servers.enter_context(web(stack, OFF)), "on": servers.enter_context(web(stack, {}))}
        for name, path in paths.items():
            yield through_server(ports, name, path, 5 if is_quick else PAIRS)


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


def through_server(ports: dict[str, int], name: str, path: str, pairs: int) -> Row:
    """Each pair's two figures are neighbours in time, in an order that turns round.

    One pair differs by a tenth from the next on a shared machine, so the middle of many short ones is told, with the
    range that nine of ten such medians would fall into.
    """
    found = [pair(ports, path, is_on_first=bool(number % 2)) for number in range(-2, pairs)][2:]
    shares = [1 - on / off for on, off in found]
    share = statistics.median(shares)
    low, high = median_range(shares)
    figure = (
        f"{share:.1%} fewer requests (90 % interval {low:.1%} to {high:.1%}; {pairs} pairs of {SECONDS:g} s; "
        f"{statistics.median(on for on, _ in found):,.0f}/s)"
    )
    return Row(f"throughput of GET {name}, measured", figure, share, SHARE_MAX, is_ceiling=True)


def pair(ports: dict[str, int], path: str, *, is_on_first: bool) -> tuple[float, float]:
    """Requests a second with measuring on and off."""
    results: dict[str, Any] = {}
    for which in ("on", "off") if is_on_first else ("off", "on"):
        results[which] = load(port=ports[which], path=path, connections=CONNECTIONS, seconds=SECONDS)
        check_statuses(results[which])
    return results["on"]["per_second"], results["off"]["per_second"]


def median_range(values: list[float]) -> tuple[float, float]:
    """Bootstrap interval of the median, with a fixed seed."""
    dice = random.Random(1)
    medians = sorted(statistics.median(dice.choices(values, k=len(values))) for _ in range(2_000))
    return medians[100], medians[1_899]
