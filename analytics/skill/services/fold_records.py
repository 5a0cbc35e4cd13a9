"""Bring the track records up to date with what was traded and settled since the last time.

Contract   Each trade and each settlement counts once: the position of a market moves in the transaction that adds. A
           market is read up to the ``seq`` of its head, which is counted under the market's lock, so nothing that
           commits late is passed over. A settlement that was undone is taken back, and counted again when it is made
           again. Making everything anew gives the same rows (``services.rebuild_records``).
Bound      ``MARKETS_MAX`` markets a call and ``RECORDS_MAX`` journal records of each; the rest comes with the next.
Locks      One call at a time, by an advisory lock; the other leaves at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.db import connection, transaction

from analytics.skill.models import FoldedMarket
from analytics.skill.services import _statements as statements
from analytics.skill.types import WHOLE

MARKETS_MAX: Final = 200
RECORDS_MAX: Final = 20_000
#: Hours before the close at which the site's prices are scored.
HORIZONS: Final = (1, 24, 168, 720)
_LOCK: Final = 0x736B_696C


@dataclass(frozen=True, slots=True)
class _Due:
    market_id: int
    head: int
    seq: int
    trade_id: int
    prices: list[int]
    counted_at: datetime | None
    counted_payouts: list[int]
    settled_at: datetime | None
    topic_id: int
    payouts: list[int]
    outcomes: int


def fold_records(*, upto: Mapping[int, int] | None = None) -> int:
    """Add what is new; safe to repeat and to run twice at once. With ``upto`` no market further than told there.

    Returns: how many markets were read
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(statements.BEHIND, {"limit": MARKETS_MAX if upto is None else None})
        found = [_Due(*row) for row in cursor.fetchall()]
        heads = {one.market_id: one.head if upto is None else upto.get(one.market_id, 0) for one in found}
        return sum(_fold(one, heads[one.market_id]) for one in found if _is_behind(one, heads[one.market_id]))


def _is_behind(due: _Due, head: int) -> bool:
    return head > due.seq or (head == due.seq and due.settled_at != due.counted_at)


def _fold(due: _Due, head: int) -> int:
    upto = min(head, due.seq + RECORDS_MAX)
    counted_at, payouts = due.counted_at, due.counted_payouts
    if counted_at is not None and counted_at != due.settled_at:
        # Before anything is added: what was counted was made of the forecasts that there were then.
        _take_back(due)
        counted_at, payouts = None, []
    trade_id, prices = _add_forecasts(due, upto)
    # A settlement is counted after the last trade.
    if upto == head and due.settled_at is not None and counted_at is None:
        _count(due, due.settled_at)
        counted_at, payouts = due.settled_at, due.payouts
    FoldedMarket.objects.update_or_create(
        market_id=due.market_id,
        defaults={
            "seq": upto,
            "trade_id": trade_id,
            "prices": prices,
            "settled_at": counted_at,
            "payouts": payouts,
        },
    )
    return 1


def _add_forecasts(due: _Due, upto: int) -> tuple[int, list[int]]:
    """The newest trade that was read, and the prices after the last record."""
    prices = due.prices or [WHOLE // due.outcomes] * due.outcomes
    parameters: dict[str, Any] = {
        "market_id": due.market_id,
        "after": due.seq,
        "upto": upto,
        "trade_id": due.trade_id,
        "prices": prices,
    }
    with connection.cursor() as cursor:
        cursor.execute(statements.FORECASTS, parameters)
        _, trade_id, after = cursor.fetchone()
    return int(trade_id), after or prices


def _count(due: _Due, settled_at: datetime) -> None:
    parameters = {
        "market_id": due.market_id,
        "topic_id": due.topic_id,
        "settled_at": settled_at,
        "season": f"{settled_at.astimezone(UTC):%Y-%m}",
        "payouts": due.payouts,
        "horizons": list(HORIZONS),
        "sign": 1,
    }
    _run([statements.RESULTS, statements.STANDINGS], parameters)
    if due.payouts:
        _run([statements.TRADER_BINS, statements.SITE_FORECASTS, statements.SITE_BINS], parameters)


def _take_back(due: _Due) -> None:
    parameters = {"market_id": due.market_id, "sign": -1, "payouts": due.counted_payouts}
    _run([statements.STANDINGS], parameters)
    if due.counted_payouts:
        _run([statements.TRADER_BINS, statements.SITE_BINS], parameters)
    _run(statements.EMPTIED, parameters)


def _run(run: Sequence[str], parameters: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        for statement in run:
            cursor.execute(statement, parameters)
