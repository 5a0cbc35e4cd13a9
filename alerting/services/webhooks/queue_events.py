"""Turn what happened in markets into messages for integrators' endpoints.

Contract   A cursor for each market over its journal, moved in the transaction that queues: what is committed is queued
           once, whoever dies when. The path of orders knows nothing of it; a site without endpoints reads one row.
           Who listens is read after how far the journals are, so whoever began before an event gets it.
Bound      ``MARKETS_MAX`` markets a round, ``RECORDS_MAX`` records a transaction, ``ROUND_S`` seconds.
"""

import time
from collections.abc import Sequence
from typing import Final

from django.db import transaction

from alerting.models import WebhookCursor, WebhookEndpoint
from alerting.services.webhooks._queueing import Listener, listeners, queue_records
from trading.selectors.market_facts import RECORDS_MAX
from trading.selectors.tellable import journal_heads

MARKETS_MAX: Final = 500
ROUND_S: Final = 5.0


def queue_events() -> int:
    """How many messages were queued."""
    if not WebhookEndpoint.objects.filter(switched_off="").exists():
        return 0
    queued, until = 0, time.monotonic() + ROUND_S
    behind = _behind()
    found = listeners() if behind else []
    for market_id, head in behind:
        while time.monotonic() < until and (step := _queue_step(market_id, head, found)) is not None:
            queued += step
    return queued


def _behind() -> list[tuple[int, int]]:
    """Markets whose journal goes beyond their cursor, with its head."""
    known = dict(WebhookCursor.objects.values_list("market", "seq"))
    grown = [(market_id, seq) for market_id, seq in journal_heads().items() if known.get(market_id, 0) < seq]
    return grown[:MARKETS_MAX]


@transaction.atomic
def _queue_step(market_id: int, head: int, found: Sequence[Listener]) -> int | None:
    """None when nothing is left, or another process is at it."""
    WebhookCursor.objects.get_or_create(market_id=market_id, defaults={"seq": 0})
    cursor = WebhookCursor.objects.select_for_update(skip_locked=True).filter(pk=market_id).first()
    if cursor is None or cursor.seq >= head:
        return None
    upto = min(head, cursor.seq + RECORDS_MAX)
    queued = queue_records(market_id, after=cursor.seq, upto=upto, found=found)
    WebhookCursor.objects.filter(pk=market_id).update(seq=upto)
    return len(queued)
