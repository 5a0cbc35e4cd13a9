"""Orders against pgbench, reads against an empty view, and what a long past costs."""

import re
import statistics
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.report import Row, check_statuses, per_second, say
from benchmarks.stack import Stack, load

HTTP_CONNECTIONS: Final = 64
#: Of the batch endpoint, each request with so many orders.
BATCH_CONNECTIONS: Final = 16
BATCH_ORDERS: Final = 50
READ_CONNECTIONS: Final = 16
#: Whose statements are sent again.
ALONE_ORDERS: Final = 20_000
#: Orders in the background while reads are measured.
STREAM_PER_S: Final = 100


@dataclass(frozen=True)
class Plan:
    rounds: int
    seconds: float
    resting: int
    trades: int
    latency_rounds: int


QUICK: Final = Plan(rounds=1, seconds=2, resting=20_000, trades=100_000, latency_rounds=60)
FULL: Final = Plan(rounds=3, seconds=4, resting=100_000, trades=1_000_000, latency_rounds=200)


@dataclass
class Run:
    """The measurements, in order; each appends its rows."""

    stack: Stack
    plan: Plan
    site: dict[str, Any] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    yardsticks: list[float] = field(default_factory=list)

    def add(self, row: Row) -> None:
        say("    ".join(cell for cell in row.cells() if cell))
        self.rows.append(row)

    def prepare(self) -> None:
        say("servers and tables")
        self.site = self.stack.call("prepare", markets=55)
        self.stack.pgbench("-i", "-q", "-s", "1")

    def measure_yardstick(self, protocol: str) -> float:
        best = 0.0
        for clients in (1, 4, 8):
            output = self.stack.pgbench(
                "-n", "-M", protocol, "-c", str(clients), "-j", "2", "-T", str(round(self.plan.seconds))
            )
            found = re.search(r"tps = ([0-9.]+)", output)
            assert found is not None, output
            best = max(best, float(found[1]))
        return best

    def measure_orders(self) -> None:
        """Yardstick and orders in turns, so that a slow minute of the machine hits both."""
        market_id, users = self.site["markets"][0], self.site["users"]
        prepared: list[float] = []
        found: dict[int, list[float]] = {1_000: [], 100: [], 1: []}
        for number in range(self.plan.rounds):
            say(f"orders, round {number + 1} of {self.plan.rounds}")
            self.yardsticks.append(self.measure_yardstick("simple"))
            prepared.append(self.measure_yardstick("prepared"))
            for batch, results in found.items():
                result = self.stack.call(
                    "durable_orders",
                    market_id=market_id,
                    users=users,
                    batch=batch,
                    seconds=self.plan.seconds,
                    seed=number * 1_000 + batch,
                )
                assert result["accepted"] > 0.95, result
                results.append(result["per_second"])
        tps, fastest = statistics.median(self.yardsticks), statistics.median(prepared)
        self.add(Row("pgbench -s 1, best of 1, 4, 8 clients", per_second(tps)))
        self.add(Row("the same with -M prepared", per_second(fastest), fastest / tps))
        for batch, target in ((1_000, 12.0), (100, 6.0), (1, 0.3)):
            results = found[batch]
            ratio = statistics.median(a / b for a, b in zip(results, self.yardsticks, strict=True))
            name = f"in batches of {batch:,}" if batch > 1 else "one at a time"
            self.add(Row(f"orders through execute, {name}", per_second(statistics.median(results)), ratio, target))
            if batch > 1:
                self._measure_rows_alone(batch, tps)

    def _measure_rows_alone(self, batch: int, tps: float) -> None:
        """What the statements of such batches take when everything else costs nothing."""
        rates = []
        for number in range(self.plan.rounds):
            say(f"statements alone, round {number + 1} of {self.plan.rounds}")
            result = self.stack.call(
                "rows_alone",
                module="benchmarks.written_jobs",
                market_id=self.site["markets"][0],
                users=self.site["users"],
                batch=batch,
                orders=ALONE_ORDERS,
                seed=number * 1_000 + batch + 1,
            )
            rates.append(result["per_second"])
        rate = statistics.median(rates)
        self.add(Row(f"the statements of batches of {batch:,} alone, sent again", per_second(rate), rate / tps))

    def measure_http(self, port: int) -> None:
        load(**self._orders(port, HTTP_CONNECTIONS, seed=0), seconds=self.plan.seconds / 2)
        results = self._load_in_turns("orders over HTTP", self._orders(port, HTTP_CONNECTIONS, seed=1))
        middle = sorted(results, key=lambda result: result["per_second"])[len(results) // 2]
        figure = f"{per_second(middle['per_second'])}, p50 {middle['p50_ms']} ms, p99 {middle['p99_ms']} ms"
        ratio = statistics.median(result["per_second"] / result["yardstick"] for result in results)
        self.add(Row(f"POST /api/v1/orders, {HTTP_CONNECTIONS} connections", figure, ratio, 0.7))
        self._measure_half_load(port, middle["per_second"] / 2)

    def _measure_half_load(self, port: int, rate: float) -> None:
        """Orders at half the rate of before, each timed from the moment at which it was due."""
        results = []
        for number in range(self.plan.rounds):
            say(f"half of that, round {number + 1} of {self.plan.rounds}")
            arguments = self._orders(port, HTTP_CONNECTIONS, seed=50 + number) | {"per_second": rate}
            results.append(load(**arguments, seconds=self.plan.seconds * 2, warm_up_s=1))
        middle = sorted(results, key=lambda result: result["p99_ms"] / result["p50_ms"])[len(results) // 2]
        check_statuses(middle)
        figure = f"{per_second(middle['per_second'])}, p50 {middle['p50_ms']} ms, p99 {middle['p99_ms']} ms"
        self.add(
            Row("the same at half of that: p99 / p50", figure, middle["p99_ms"] / middle["p50_ms"], 10, is_ceiling=True)
        )

    def measure_batches(self, port: int) -> None:
        """The batch endpoint, for orders of one market."""
        arguments = self._orders(port, BATCH_CONNECTIONS, seed=70) | {"a_request": BATCH_ORDERS}
        load(**arguments, seconds=self.plan.seconds / 2)
        results = self._load_in_turns("batches over HTTP", arguments | {"seed": 71})
        middle = sorted(results, key=lambda result: result["accepted_per_second"])[len(results) // 2]
        assert middle["accepted_per_second"] > 0.95 * BATCH_ORDERS * middle["per_second"], middle
        figure = f"{per_second(middle['accepted_per_second'])}, p50 {middle['p50_ms']} ms, p99 {middle['p99_ms']} ms"
        ratio = statistics.median(result["accepted_per_second"] / result["yardstick"] for result in results)
        what = f"POST /api/v1/orders/batch, {BATCH_ORDERS} orders each, {BATCH_CONNECTIONS} connections"
        self.add(Row(what, figure, ratio, 3.0))

    def _load_in_turns(self, what: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
        """The load after the yardstick of its own round: what the machine does minutes later is no measure of it."""
        results = []
        for number in range(self.plan.rounds):
            say(f"{what}, round {number + 1} of {self.plan.rounds}")
            yardstick = self.measure_yardstick("simple")
            turn = arguments | {"seed": arguments["seed"] + number}
            result = load(**turn, seconds=self.plan.seconds, warm_up_s=1)
            check_statuses(result)
            results.append(result | {"yardstick": yardstick})
        return results

    def measure_reads(self, port: int) -> None:
        market_id = self.site["markets"][0]
        paths = {
            "one market": f"/api/v1/markets/{market_id}",
            "its book": f"/api/v1/markets/{market_id}/book",
            "a list of 50": "/api/v1/markets?limit=50",
        }
        self._read_all(port, paths, "idle")
        with self.stack.streaming(**self._orders(port, 8, seed=99), per_second=STREAM_PER_S):
            self._read_all(port, paths, f"with {STREAM_PER_S} orders/s")

    def _read_all(self, port: int, paths: dict[str, str], when: str) -> None:
        say(f"reads, {when}")
        results: dict[str, list[float]] = {name: [] for name in ("empty", *paths)}
        for _ in range(self.plan.rounds):
            for name, path in {"empty": "/benchmark/empty", **paths}.items():
                result = load(port=port, path=path, connections=READ_CONNECTIONS, seconds=self.plan.seconds / 2)
                check_statuses(result)
                results[name].append(result["per_second"])
        empty = results.pop("empty")
        self.add(Row(f"GET an empty REST framework view, {when}", per_second(statistics.median(empty))))
        for name, own in results.items():
            ratio = statistics.median(a / b for a, b in zip(own, empty, strict=True))
            self.add(Row(f"GET {name}, {when}", per_second(statistics.median(own)), ratio, 0.5))

    def measure_size(self, port: int, title: str, *, orders: int, trades: int, market: int) -> None:
        """Orders and reads on a market with a past against those on an empty one."""
        say(f"a market with {title}")
        old, empty, users = self.site["markets"][market], self.site["markets"][market + 1], self.site["users"]
        self.stack.call("fill", market_id=old, users=users, orders=orders, trades=trades)
        for batch in (1, 100):
            before, after = self.stack.call(
                "order_latency",
                markets=[empty, old],
                users=users,
                rounds=self.plan.latency_rounds // (1 if batch == 1 else 4),
                batch=batch,
            )
            name = "one order" if batch == 1 else "100 orders"
            self.add(
                Row(
                    f"{name} with {title}",
                    f"{after:.2f} ms (empty {before:.2f} ms)",
                    after / before,
                    1.3,
                    is_ceiling=True,
                )
            )
        for name, tail in (("market", ""), ("book", "/book"), ("trades", "/trades?limit=50")):
            results = []
            for _ in range(max(self.plan.rounds, 2)):
                for market_id in (empty, old):
                    load(port=port, path=f"/api/v1/markets/{market_id}{tail}", connections=1, seconds=0.3)
                    results.append(
                        load(port=port, path=f"/api/v1/markets/{market_id}{tail}", connections=4, seconds=1)["p50_ms"]
                    )
            before, after = statistics.median(results[0::2]), statistics.median(results[1::2])
            self.add(
                Row(
                    f"GET {name} with {title}",
                    f"{after:.2f} ms (empty {before:.2f} ms)",
                    after / before,
                    1.3,
                    is_ceiling=True,
                )
            )

    def _orders(self, port: int, connections: int, *, seed: int) -> dict[str, Any]:
        return {
            "port": port,
            "connections": connections,
            "market_id": self.site["markets"][0],
            "keys": self.site["keys"],
            "seed": seed,
        }


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    plan = QUICK if is_quick else FULL
    run = Run(stack, plan)
    run.prepare()
    run.measure_orders()
    with stack.web() as port:
        run.measure_http(port)
        run.measure_batches(port)
        run.measure_reads(port)
        run.measure_size(port, f"{plan.resting:,} resting orders", orders=plan.resting, trades=0, market=50)
        run.measure_size(port, f"{plan.trades:,} past trades", orders=0, trades=plan.trades, market=52)
    return run.rows
