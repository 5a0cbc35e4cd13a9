"""What a folder's import will do, market by market, before anything is stored."""

from dataclasses import dataclass
from pathlib import Path

from trading.services._history_files import HistoryMarket, HistoryMistakes, read_folder
from trading.services._history_replay import broken, follows_another_rule, is_replayable, liquidity_shares
from trading.services._history_table import Mistake


@dataclass(frozen=True, slots=True)
class MarketPlan:
    """``liquidity_shares``: b of the maker rule that the trades are replayed against; 0: prices only.
    ``notice``: why a market with shares isn't replayed."""

    history: HistoryMarket
    liquidity_shares: int = 0
    notice: str = ""


def plan_folder(folder: Path) -> list[MarketPlan]:
    """A plan for each market of ``folder``. Raises ``HistoryMistakes`` with everything that is wrong in it."""
    path = folder / "trades.csv"
    mistakes: list[Mistake] = []
    plans = [_plan(market, path, mistakes) for market in read_folder(folder)]
    if mistakes:
        raise HistoryMistakes(mistakes)
    return plans


def _plan(market: HistoryMarket, path: Path, mistakes: list[Mistake]) -> MarketPlan:
    if not is_replayable(market):
        return MarketPlan(market)
    without = [trade for trade in market.trades if trade.shares is None]
    if without:
        mistakes += [
            Mistake(str(path), trade.line, "shares is empty; other trades of the market have them") for trade in without
        ]
        return MarketPlan(market)
    b = liquidity_shares(market.trades)
    wrong = broken(market.trades, b)
    if follows_another_rule(market.trades, wrong):
        reason = f"price_after doesn't follow from the shares by a two-outcome maker rule with b = {b} begun at 0.5"
        first = Mistake(str(path), wrong[0].line, reason)
        return MarketPlan(market, notice=f"{first}; {market.source_id} is loaded as price history")
    for trade in wrong:
        reason = (
            f"price_after {trade.price_after / 1e6:.6f} doesn't follow from the price before and the shares (b = {b})"
        )
        mistakes.append(Mistake(str(path), trade.line, reason))
    return MarketPlan(market, liquidity_shares=b)
