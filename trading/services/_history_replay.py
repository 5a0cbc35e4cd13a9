"""The orders that move a two-outcome maker rule as the recorded trades moved it. Pure.

Method     A purchase buys yes. A sale gives up the yes shares that the trader holds and buys no for the
           rest: selling yes and buying no move the rule alike.
Rounding   Shares are rounded to lots on their running total, so that the price after the last of a
           thousand trades is no further off than after the first.
"""

import math
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from common.money import QUANTITY_SCALE
from trading.services._history_files import HistoryMarket, HistoryTrade
from trading.types import Side

#: Probability. Sources print six places, so each of two prices is off by up to half of the last one.
TOLERANCE: Final = 2e-6
#: b of the replication markets, whose files don't state it.
DEFAULT_LIQUIDITY_SHARES: Final = 1_000
_LIQUIDITY_SHARES_MAX: Final = 100_000_000
#: Up to this part of the trades may break the rule as mistakes; more, and the market followed another rule.
_BROKEN_PART_MAX: Final = 0.1
_MECHANISMS: Final = frozenset({"lmsr", "lmsr 2-outcome", "lmsr two-outcome", "lmsr binary"})


@dataclass(frozen=True, slots=True)
class Leg:
    """One order of a trade, in lots. ``is_last`` marks the leg after which the recorded price holds."""

    trade: HistoryTrade
    outcome: int
    side: Side
    lots: int
    is_last: bool


def is_replayable(market: HistoryMarket) -> bool:
    """Whether the source names a two-outcome rule and gives the shares of its trades."""
    has_shares = any(trade.shares is not None for trade in market.trades)
    return market.mechanism.lower() in _MECHANISMS and has_shares


def legs(trades: list[HistoryTrade]) -> list[Leg]:
    """Orders in time order for trades that all have shares."""
    held: dict[str, int] = defaultdict(int)
    total, done, answer = Decimal(0), 0, []
    for trade in trades:
        assert trade.shares is not None
        total += trade.shares
        lots = int((total * QUANTITY_SCALE).to_integral_value()) - done
        done += lots
        answer += _legs_of(trade, lots, held)
    return answer


def _legs_of(trade: HistoryTrade, lots: int, held: dict[str, int]) -> list[Leg]:
    if lots > 0:
        held[trade.trader_id] += lots
        return [Leg(trade, 0, Side.BUY, lots, is_last=True)]
    sold = min(-lots, held[trade.trader_id])
    held[trade.trader_id] -= sold
    rest = -lots - sold
    sale = [Leg(trade, 0, Side.SELL, sold, is_last=not rest)] if sold else []
    return sale + ([Leg(trade, 1, Side.BUY, rest, is_last=True)] if rest else [])


def liquidity_shares(trades: list[HistoryTrade]) -> int:
    """The b that explains the most steps between recorded prices, in whole shares."""
    return max(_candidates(trades), key=lambda b: (-len(broken(trades, b)), b == DEFAULT_LIQUIDITY_SHARES))


def broken(trades: list[HistoryTrade], b: int) -> list[HistoryTrade]:
    """Trades whose price doesn't follow from the price before by a rule with ``b``, begun at one half."""
    before, answer = 0.5, []
    for trade in trades:
        after = trade.price_after / 1_000_000
        if abs(_moved(before, float(trade.shares or 0), b) - after) > TOLERANCE:
            answer.append(trade)
        before = after
    return answer


def follows_another_rule(trades: list[HistoryTrade], wrong: list[HistoryTrade]) -> bool:
    """Whether so many trades, or the very first, are ``wrong`` that it can't be a matter of single rows."""
    return bool(wrong) and (wrong[0] is trades[0] or len(wrong) > _BROKEN_PART_MAX * len(trades))


def _candidates(trades: list[HistoryTrade]) -> set[int]:
    found, before = {DEFAULT_LIQUIDITY_SHARES}, 0.5
    for trade in trades:
        after = trade.price_after / 1_000_000
        change = _logit(after) - _logit(before)
        if change:
            found.add(min(max(1, round(float(trade.shares or 0) / change)), _LIQUIDITY_SHARES_MAX))
        before = after
    return found


def _moved(before: float, shares: float, b: int) -> float:
    return 1 / (1 + math.exp(min(700.0, -_logit(before) - shares / b)))


def _logit(p: float) -> float:
    # Prices are printed to six places, so 0 and 1 stand for anything closer to them than half of one.
    inside = min(max(p, 2.5e-7), 1 - 2.5e-7)
    return math.log(inside / (1 - inside))
