"""Load market histories from elsewhere: replay what was traded on a maker rule, show the prices of the rest.

Contract   All folders are read and checked before anything is stored; one mistake and nothing is.
           A market without trades is one transaction, each step of a replayed one is. Markets are found again
           by source and source id and orders by their client order ids, so an import that was stopped goes
           on where it stopped, and a repeated one changes nothing.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from accounts.services.provide_account import provide_account
from accounts.types import Role
from common import clock
from markets.errors import WrongStatus
from markets.selectors.imported import ImportedMarket, imported_markets, imported_status
from markets.services.close_market import close_market
from markets.services.confirm_resolution import confirm_resolution
from markets.services.create_market import create_market
from markets.services.propose_resolution import propose_resolution
from markets.services.provide_topic import provide_topic
from markets.services.void_market import void_market
from markets.types import MarketStatus
from trading.services._history_candles import write_candles
from trading.services._history_files import HistoryMistakes, source_folders
from trading.services._history_plan import MarketPlan, plan_folder
from trading.services._history_replay import TOLERANCE
from trading.services._history_table import Mistake
from trading.services._history_texts import market_spec
from trading.services._history_trades import replay_trades
from trading.services.open_market import open_market
from trading.services.settle_market import settle_market

IMPORTER: Final = "history-import"
_ENDS: Final = frozenset({MarketStatus.RESOLVED, MarketStatus.VOID})
#: Open, replay, propose, confirm, with room for jobs that did a step first.
_STEPS_MAX: Final = 12

Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class ImportReport:
    """Counts of markets and trades; ``deviations`` are markets whose prices came out different."""

    markets: int = 0
    known: int = 0
    trades: int = 0
    price_points: int = 0
    notices: list[str] = field(default_factory=list)
    deviations: list[str] = field(default_factory=list)


def import_history(
    *, directory: Path, only: str = "", is_settling: bool = True, progress: Progress = lambda *_: None
) -> ImportReport:
    """Load every source folder of ``directory``; ``only`` names one folder or source.

    Raises: HistoryMistakes before anything is stored; ReplayRefused, UserActionRefused
    """
    plans = _checked_plans(directory, only)
    report = ImportReport()
    creator_id = provide_account(handle=IMPORTER, roles=(Role.MARKET_MAKER,))
    known = {source: imported_markets(source) for source in {plan.history.source for plan in plans}}
    for number, plan in enumerate(plans, start=1):
        progress(plan.history.source_id, number, len(plans))
        market = known[plan.history.source].get(plan.history.source_id)
        _import_market(plan, market, creator_id, is_settling, report)
    return report


def _checked_plans(directory: Path, only: str) -> list[MarketPlan]:
    mistakes: list[Mistake] = []
    plans: list[MarketPlan] = []
    for folder in source_folders(directory):
        try:
            found = plan_folder(folder)
        except HistoryMistakes as error:
            mistakes += error.mistakes if only in ("", folder.name) else []
        else:
            plans += [plan for plan in found if only in ("", folder.name, plan.history.source)]
    mistakes += _repeated_markets(plans, directory)
    if mistakes:
        raise HistoryMistakes(mistakes)
    if not plans:
        wanted = f" of {only}" if only else ""
        raise HistoryMistakes([Mistake(str(directory), 1, f"holds no markets.csv with markets{wanted}")])
    return plans


def _repeated_markets(plans: list[MarketPlan], directory: Path) -> list[Mistake]:
    """Within a file this was told already; two folders may still hold the same market."""
    ids = Counter((plan.history.source, plan.history.source_id) for plan in plans)
    twice = (key for key, count in ids.items() if count > 1)
    return [
        Mistake(str(directory), 1, f"market {name} of {source} is in more than one folder") for source, name in twice
    ]


def _import_market(
    plan: MarketPlan, market: ImportedMarket | None, creator_id: int, is_settling: bool, report: ImportReport
) -> None:
    is_known = market is not None and market.status in _ENDS
    report.known += is_known
    report.markets += not is_known
    report.notices += [plan.notice] if plan.notice and not is_known else []
    # Replayed commands commit by themselves; without them the whole market is one transaction.
    with nullcontext() if plan.liquidity_shares else transaction.atomic():
        market_id = market.market_id if market else _create(plan, creator_id)
        _take_to_its_end(plan, market_id, is_settling, report)
    if is_settling:
        with clock.replaying(plan.history.resolves_at):
            settle_market(market_id=market_id)


def _take_to_its_end(plan: MarketPlan, market_id: int, is_settling: bool, report: ImportReport) -> None:
    for _ in range(_STEPS_MAX):
        status = imported_status(market_id)
        if status in _ENDS or (status is MarketStatus.CLOSED and not is_settling):
            return
        try:
            _advance(plan, market_id, status, report)
        except WrongStatus:
            # A sweep was quicker; the next round sees what it did.
            continue


def _create(plan: MarketPlan, creator_id: int) -> int:
    topic = provide_topic(name=plan.history.category.capitalize() or "Other", position=100)
    with clock.replaying(plan.history.opens_at):
        return create_market(creator_id=creator_id, spec=market_spec(plan, topic)).pk


def _advance(plan: MarketPlan, market_id: int, status: MarketStatus, report: ImportReport) -> None:
    """Take the market from ``status`` one step further, at the time it took that step at its source."""
    history = plan.history
    if status is MarketStatus.OPEN:
        _fill(plan, market_id, report)
    with clock.replaying(_moment_of(status, plan)):
        if status is MarketStatus.DRAFT:
            open_market(market_id)
        elif status in (MarketStatus.OPEN, MarketStatus.HALTED):
            close_market(market_id=market_id, actor_id=None)
        elif history.payouts is None:
            void_market(market_id=market_id, actor_id=None, reason="The source has no outcome.")
        elif status is MarketStatus.CLOSED:
            reason = f"Recorded by {history.source}."
            propose_resolution(market_id=market_id, actor_id=None, payouts=history.payouts, reason=reason)
        else:
            confirm_resolution(market_id=market_id, actor_id=None)


def _moment_of(status: MarketStatus, plan: MarketPlan) -> datetime:
    if status is MarketStatus.DRAFT:
        return plan.history.opens_at
    return plan.history.closes_at if status is MarketStatus.OPEN else plan.history.resolves_at


def _fill(plan: MarketPlan, market_id: int, report: ImportReport) -> None:
    history = plan.history
    if not plan.liquidity_shares:
        write_candles(market_id, history.prices)
        report.price_points += len(history.prices)
        return
    difference = replay_trades(market_id, plan)
    report.trades += len(history.trades)
    if difference > TOLERANCE:
        report.deviations.append(f"{history.source_id}: a price after a trade is {difference:.7f} off the recorded one")
