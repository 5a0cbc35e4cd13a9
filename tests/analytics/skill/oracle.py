"""Track records by brute force: every trade, every record and every settlement, one by one, in Python."""

import math
from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

from markets.models import Market, MarketEvent
from trading.models import MarketBook, Position, Trade

Sums = dict[tuple[str, int, int], Counter[str]]


def standings() -> Sums:
    """By season, topic and trader."""
    found: Sums = defaultdict(Counter)
    for market in Market.objects.filter(status__in=["resolved", "void"]):
        settled_at = MarketBook.objects.get(pk=market.pk).settled_at
        if settled_at is None:
            continue
        for user_id, result in results(market).items():
            for season in (f"{settled_at:%Y-%m}", "all"):
                for topic_id in (market.topic_id, 0):
                    found[season, topic_id, user_id].update(result)
    return found


def results(market: Market) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = {}
    for position in Position.objects.filter(market=market, user__isnull=False):
        assert position.user_id is not None
        found.setdefault(position.user_id, Counter(markets=1))["profit"] -= position.cost
    if market.status == "resolved":
        for user_id, said in forecasts(market).items():
            found.setdefault(user_id, Counter(markets=1)).update(_scores(market, said))
    for result in found.values():
        result["won"] = int(result["profit"] > 0)
    return found


def forecasts(market: Market) -> dict[int, list[tuple[int, int, int]]]:
    """Outcome, price after and price before, of each command that took something."""
    prices = {event.seq: event.data["p"] for event in MarketEvent.objects.filter(market=market) if "p" in event.data}
    taken = set(Trade.objects.filter(market=market).values_list("seq", "outcome", "taker_id"))
    outcomes = market.outcomes.count()
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for seq, outcome, taker_id in taken:
        earlier = [known for known in prices if known < seq]
        before = prices[max(earlier)] if earlier else [1_000_000 // outcomes] * outcomes
        found[taker_id].append((outcome, prices[seq][outcome], before[outcome]))
    return found


def bins() -> dict[tuple[int, int], list[int]]:
    """Count, said and happened by trader and tenth."""
    found: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for market in Market.objects.filter(status="resolved"):
        assert market.payouts is not None
        for user_id, said in forecasts(market).items():
            cells: dict[tuple[int, int], list[int]] = defaultdict(list)
            for outcome, after, _ in said:
                cells[outcome, min(9, after // 100_000)].append(after)
            for (outcome, place), values in cells.items():
                cell = found[user_id, place]
                cell[0] += 1
                cell[1] += _rounded(Fraction(sum(values), len(values)))
                cell[2] += market.payouts[outcome] * 100
    return found


def _scores(market: Market, said: list[tuple[int, int, int]]) -> dict[str, int]:
    def mean(loss: Any, place: int) -> int:
        assert market.payouts is not None
        total = Fraction(sum(loss(row[place], market.payouts[row[0]] * 100) for row in said))
        return _rounded(total / len(said) / 1_000_000)

    return {
        "scored": 1,
        "brier": mean(_square, 1),
        "market_brier": mean(_square, 2),
        "log_loss": mean(_log, 1),
        "market_log_loss": mean(_log, 2),
    }


def _square(probability: int, payout: int) -> int:
    return (probability - payout) ** 2


def _log(probability: int, payout: int) -> int:
    return payout * _loss(probability) + (1_000_000 - payout) * _loss(1_000_000 - probability)


def _loss(probability: int) -> int:
    return round(-1e6 * math.log(min(max(probability, 1_000), 999_000) / 1e6))


def _rounded(number: Fraction) -> int:
    """Halves away from zero, as PostgreSQL's numeric."""
    return math.floor(number + Fraction(1, 2)) if number >= 0 else -math.floor(-number + Fraction(1, 2))
