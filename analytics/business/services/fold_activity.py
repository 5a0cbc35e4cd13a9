"""Bring the rollups up to date with what happened since the last time.

Contract   Exactly once: the positions move in the transaction that adds. A market is read up to the ``seq`` of its
           head, which is counted under the market's lock, so nothing that commits late is passed over. Sign-ups are
           known by their ids, which may be seen twice: the last ``LOOK_BACK`` are looked at again each time.
Locks      The rows of the positions. Who doesn't get one leaves its market to who has it.
Bound      ``BATCH`` markets and ``RECORDS_MAX`` journal records of each a transaction; the rest waits after
           ``budget_s``.
"""

import time
from collections.abc import Mapping
from datetime import UTC
from typing import Final

from django.db import connection, transaction
from django.db.models import Max

from analytics.business.models import Position, Trader
from analytics.business.selectors.sources import BEHIND, NEWEST_ISSUED
from analytics.business.services._folding import add_issued, add_sign_ups, add_spans
from common import clock

BATCH: Final = 200
RECORDS_MAX: Final = 50_000
LOOK_BACK: Final = 10_000
LEDGER: Final = 0

Spans = list[tuple[int, int, int, int]]


def fold_activity(*, budget_s: float = 20.0, upto: Mapping[int, int] | None = None) -> int:
    """Add everything new, or as much as ``budget_s`` allows; with ``upto`` no market further than told there.

    Returns: how many journal records were read
    """
    ends_at, records = time.monotonic() + budget_s, 0
    fold_sign_ups()
    _fold_issued(None if upto is None else upto.get(LEDGER, 0))
    while True:
        found = _fold_batch(upto)
        records += found
        if not found or time.monotonic() >= ends_at:
            return records


def fold_sign_ups(*, is_full: bool = False) -> None:
    """Know who joined. ``is_full`` looks at everybody again, for wallets that were opened long after the sign-up."""
    known = Trader.objects.filter(signed_up_on__isnull=False).aggregate(newest=Max("user_id"))
    newest = known["newest"] or 0
    with transaction.atomic():
        add_sign_ups(after=0 if is_full else newest - LOOK_BACK)


def _fold_issued(upto: int | None) -> None:
    Position.objects.get_or_create(market_id=LEDGER)
    with transaction.atomic():
        held = Position.objects.select_for_update(skip_locked=True).filter(market_id=LEDGER).first()
        if held is None:
            return
        with connection.cursor() as cursor:
            cursor.execute(NEWEST_ISSUED)
            newest = int(cursor.fetchone()[0]) if upto is None else upto
        if newest > held.seq:
            add_issued({"after": held.seq, "upto": newest})
            Position.objects.filter(market_id=LEDGER).update(seq=newest)


def _fold_batch(upto: Mapping[int, int] | None) -> int:
    with transaction.atomic():
        spans = _held_spans(upto)
        if not spans:
            return 0
        now = clock.now()
        markets, after, until, trades = (list(column) for column in zip(*spans, strict=True))
        parameters = {"markets": markets, "after": after, "upto": until, "trades": trades}
        add_spans(parameters | {"now": now, "today": now.astimezone(UTC).date()})
        _advance(markets, until)
    return sum(end - begin for _, begin, end, _ in spans)


def _held_spans(upto: Mapping[int, int] | None) -> Spans:
    """Market, position, how far to read, newest trade read: of markets whose position is ours now."""
    with connection.cursor() as cursor:
        cursor.execute(BEHIND, {"limit": BATCH if upto is None else None})
        heads = {market_id: head for market_id, _, head in cursor.fetchall()}
    if upto is not None:
        heads = {market_id: upto[market_id] for market_id in heads if market_id in upto}
    Position.objects.bulk_create([Position(market_id=market_id) for market_id in heads], ignore_conflicts=True)
    held = Position.objects.select_for_update(skip_locked=True).filter(market_id__in=heads).order_by("market_id")
    rows = held.values_list("market_id", "seq", "trade_id")
    spans = [(m, seq, min(heads[m], seq + RECORDS_MAX), trade_id) for m, seq, trade_id in rows if heads[m] > seq]
    return spans[:BATCH]


_ADVANCE: Final = """
UPDATE business_position p SET seq = s.upto, trade_id = greatest(p.trade_id, coalesce((
    SELECT max(d.last_trade) FROM business_marketday d WHERE d.market_id = p.market_id), 0))
FROM unnest(%s::bigint[], %s::bigint[]) AS s (market_id, upto) WHERE p.market_id = s.market_id
"""


def _advance(markets: list[int], until: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE, [markets, until])
