"""Orders per second of the pure engine, with an empty book and with 100,000 resting orders.

Run `python -m benchmarks.engine`. No database: this is the part of an order's cost that is ours alone.
"""

import random
import statistics
import sys
import time
from datetime import UTC, datetime

from trading.engine.apply import apply
from trading.engine.state import MarketRules, MarketState, new_state
from trading.types import CancelOrder, Command, OrderSpec, OrderType, PlaceOrder, Refusal, Side, TimeInForce

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TRADERS = 200
RULES = MarketRules(1, 2, True, liquidity=10_000_000, taker_fee_bps=100, maker_fee_bps=25)
FUNDS = dict.fromkeys(range(1, TRADERS + 1), 10**17)


def order(chance: random.Random, order_id: int, price: int, outcome: int) -> PlaceOrder:
    spec = OrderSpec(1, outcome, Side.BUY, OrderType.LIMIT, TimeInForce.GTC, price, chance.randint(1, 50) * 1_000)
    return PlaceOrder(chance.randint(1, TRADERS), spec, f"c-{order_id}", b"", order_id)


def resting_orders(state: MarketState, chance: random.Random, count: int) -> None:
    """Bids for both outcomes away from the middle."""
    for order_id in range(1, count + 1):
        outcome = chance.randint(0, 1)
        result = apply(state, order(chance, order_id, chance.randint(100, 4_600), outcome), dict(FUNDS), NOW)
        assert not isinstance(result, Refusal)


def commands(chance: random.Random, first_id: int, count: int) -> list[Command]:
    """A mix: half rest, three in ten cross the best price, two in ten cancel."""
    result: list[Command] = []
    placed: list[PlaceOrder] = []
    for order_id in range(first_id, first_id + count):
        kind = chance.random()
        if kind < 0.2 and placed:
            victim = placed.pop(chance.randrange(len(placed)))
            result.append(CancelOrder(victim.user_id, victim.order_id))
            continue
        price = chance.randint(4_700, 4_990) if kind < 0.7 else chance.randint(5_000, 5_150)
        command = order(chance, order_id, price, chance.randint(0, 1))
        placed.append(command)
        result.append(command)
    return result


def measure(resting: int, count: int = 20_000) -> tuple[float, float, float]:
    """Orders per second, median and 99th percentile microseconds of one command."""
    chance = random.Random(7)
    state, funds = new_state(RULES), dict(FUNDS)
    resting_orders(state, chance, resting)
    times = []
    for command in commands(chance, resting + 1, count):
        start = time.perf_counter_ns()
        apply(state, command, funds, NOW)
        times.append(time.perf_counter_ns() - start)
    times.sort()
    return count / sum(times) * 1e9, statistics.median(times) / 1e3, times[len(times) * 99 // 100] / 1e3


def main() -> None:
    rates = {}
    for resting in (0, 100_000):
        rate, median, slow = measure(resting)
        rates[resting] = median
        sys.stdout.write(f"{resting:>7} resting: {rate:>9,.0f} orders/s, median {median:.1f} us, 99 % {slow:.1f} us\n")
    sys.stdout.write(f"median with 100,000 resting orders / empty: {rates[100_000] / rates[0]:.2f}\n")


if __name__ == "__main__":
    main()
