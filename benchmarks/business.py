"""What the pages for managers cost at a thousand trades and at a million, and what it takes to roll a million up."""

import http.client
import time
from typing import Final

from benchmarks.report import Row, say
from benchmarks.stack import Stack

FEW: Final = 1_000
MANY: Final = 1_000_000
REQUESTS: Final = 80
#: Times the p95 at ``FEW`` trades that it may take at ``MANY``.
RATIO_MAX: Final = 1.3
P95_MS_MAX: Final = 300.0
PAGES: Final = {
    "GET /business/": "/business/",
    "GET business-intelligence/kpi-summary": "/api/v1/business-intelligence/kpi-summary?range=90d",
}
_MODULE: Final = "benchmarks.business_jobs"


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    many = MANY // 20 if is_quick else MANY
    stack.call("prepare", markets=55)
    session = stack.call("prepare_business", module=_MODULE, markets=100, people=1_000)["session"]
    few = _measure(stack, session, FEW)
    grown, found = stack.call("grow", module=_MODULE, trades=many - FEW), []
    for name, times in _measure_grown(stack, session).items():
        ratio = _p95(times) / _p95(few[name])
        figure = f"p95 {_p95(few[name]):.1f} ms at {FEW:,}, {_p95(times):.1f} ms at {many:,}"
        found.append(Row(f"{name}, a million trades / a thousand", figure, ratio, RATIO_MAX, is_ceiling=True))
        found.append(Row(f"{name}, {many:,} trades", "p95 in ms", _p95(times), P95_MS_MAX, is_ceiling=True))
    return [
        *found,
        Row(f"roll up {grown['records']:,} records", f"{grown['fold_s']:.1f} s", grown["records"] / grown["fold_s"]),
        Row("work out their days", f"{grown['days']} days in {grown['refresh_s']:.1f} s"),
        Row("one record more", f"{grown['again_ms']:.0f} ms to roll up, {grown['day_ms']:.0f} ms to work out its day"),
        Row("difference to the ledger", "units", float(grown["difference"]), 0.0, is_ceiling=True),
    ]


def _measure(stack: Stack, session: str, trades: int) -> dict[str, list[float]]:
    stack.call("grow", module=_MODULE, trades=trades)
    return _measure_grown(stack, session)


def _measure_grown(stack: Stack, session: str) -> dict[str, list[float]]:
    with stack.web() as port:
        return {name: _times_ms(port, path, session) for name, path in PAGES.items()}


def _times_ms(port: int, path: str, session: str) -> list[float]:
    """Milliseconds of requests one after the other, without those in which each process first answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    times = []
    for _ in range(REQUESTS + 20):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": f"sessionid={session}"})
        answer = connection.getresponse()
        body = answer.read()
        times.append((time.perf_counter() - began) * 1_000)
        assert answer.status == 200, body[:300]
    connection.close()
    say(f"{path}: {len(body)} bytes, median {sorted(times)[len(times) // 2]:.1f} ms")
    return times[20:]


def _p95(times: list[float]) -> float:
    return sorted(times)[round(0.95 * (len(times) - 1))]
