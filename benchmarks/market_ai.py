"""What market models cost: training, estimating, and asking for one estimate or a hundred."""

import http.client
import json
import time
from collections.abc import Callable
from typing import Any, Final

from benchmarks.report import Row
from benchmarks.stack import Stack

CONTRACTS: Final = 2_000
MARKETS: Final = 100
REQUESTS: Final = 300
GET_MS_MAX: Final = 20.0
_MODULE: Final = "benchmarks.market_ai_jobs"
_ROUTE: Final = "/api/v1/ai-analytics/predictions/"


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    contracts = CONTRACTS // 4 if is_quick else CONTRACTS
    key = stack.call("prepare", markets=MARKETS)["keys"][0]
    trained = stack.call("train", module=_MODULE, count=contracts)
    told = stack.call("estimate", module=_MODULE)
    with stack.web() as port:
        asker = _Asker(port, key)
        one = asker.times_ms(lambda number: asker.get(told["markets"][number % 10]))
        many = asker.times_ms(lambda _: asker.batch(told["markets"][:MARKETS]))
    return [
        Row(f"train and measure on {contracts:,} contracts", f"{trained['cpu_s']:.1f} s of CPU",
            trained["seconds"]),
        Row("model as stored", "kB", trained["bytes"] / 1_000),
        Row(f"estimate {told['count']} markets", f"{told['seconds'] * 1_000:.0f} ms", told["count"] / told["seconds"]),
        Row("GET one estimate, warm", "p95 in ms", _p95(one), GET_MS_MAX, is_ceiling=True),
        Row(f"POST a batch of {MARKETS}", "p95 in ms", _p95(many)),
    ]  # fmt: skip


class _Asker:
    """One client with an API key, asking over one connection."""

    def __init__(self, port: int, key: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def times_ms(self, ask: Callable[[int], Any]) -> list[float]:
        """Milliseconds of requests one after the other, without those in which each process first answers."""
        times = []
        for number in range(REQUESTS + 40):
            began = time.perf_counter()
            ask(number)
            times.append((time.perf_counter() - began) * 1_000)
        return times[40:]

    def get(self, market_id: int) -> None:
        self._ask("GET", f"{_ROUTE}{market_id}", None)

    def batch(self, market_ids: list[int]) -> None:
        found = self._ask("POST", f"{_ROUTE}batch", json.dumps({"market_ids": market_ids}))
        assert len(found["items"]) == len(market_ids), found["missing"]

    def _ask(self, method: str, path: str, body: str | None) -> Any:
        self._connection.request(method, path, body, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        assert answer.status == 200, text[:300]
        return json.loads(text)


def _p95(times: list[float]) -> float:
    return sorted(times)[round(0.95 * (len(times) - 1))]
