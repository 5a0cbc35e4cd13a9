"""Count answered contracts in the standings of their source and category.

Contract   Each contract once, whoever runs this and however often: its row and the sums that it changes are one
           transaction. What is counted is what training would count (``engine.standing.score_of``).
"""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import connection, transaction

from analytics.market_ai.engine.samples import chosen_ticks
from analytics.market_ai.engine.standing import Score, score_of
from analytics.market_ai.models import AnsweredContract
from analytics.market_ai.selectors.tape import AnsweredMarket, answered_markets
from analytics.market_ai.services.site_contracts import contracts_of
from analytics.market_ai.types import Contract

_MARKETS_MAX: Final = 500
_OVERLAP: Final = timedelta(days=1)
_LOCK: Final = 0x4D41_4932
_ADD: Final = """
INSERT INTO market_ai_standing (kind, name, count, total)
SELECT * FROM unnest(%s::text[], %s::text[], %s::int[], %s::float8[])
ON CONFLICT (kind, name) DO UPDATE SET count = market_ai_standing.count + excluded.count,
    total = market_ai_standing.total + excluded.total
"""


def count_answered() -> int:
    """How many contracts were counted. What resolved late by up to a day is found as well."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        fresh = _fresh_markets()
        contracts = contracts_of(fresh, {})
        scores = {one.key: score_of(one, [tick.price for tick in chosen_ticks(one)]) for one in contracts}
        _note(fresh, contracts, scores)
        _add_up([score for score in scores.values() if score is not None])
        return len(contracts)


def _fresh_markets() -> list[AnsweredMarket]:
    newest = AnsweredContract.objects.order_by("-known_at").values_list("known_at", flat=True).first()
    found = answered_markets(after=None if newest is None else newest - _OVERLAP, limit=_MARKETS_MAX * 10)
    known = set(
        AnsweredContract.objects.filter(market_id__in=[one.market_id for one in found]).values_list(
            "market_id", flat=True
        )
    )
    return [one for one in found if one.market_id not in known][:_MARKETS_MAX]


def _note(markets: list[AnsweredMarket], contracts: list[Contract], scores: dict[str, Score | None]) -> None:
    rows = []
    for one in contracts:
        market_id, outcome = (int(part) for part in one.key.split("/"))
        score = scores[one.key]
        rows.append(
            AnsweredContract(
                market_id=market_id,
                outcome=outcome,
                known_at=datetime.fromtimestamp(one.known_at, UTC),
                source=one.source,
                category=one.category,
                error=score.error if score else None,
                wrong=score.wrong if score else None,
            )
        )
    # Markets that paid in part say nothing, but must not be asked again.
    told = {row.market_id for row in rows}
    rows += [
        AnsweredContract(
            market_id=one.market_id, outcome=0, known_at=one.resolved_at, source=one.source, category=one.category
        )
        for one in markets
        if one.market_id not in told
    ]
    AnsweredContract.objects.bulk_create(rows, batch_size=1_000)


def _add_up(scores: list[Score]) -> None:
    counts: Counter[tuple[str, str]] = Counter()
    totals: dict[tuple[str, str], float] = defaultdict(float)
    for score in scores:
        for key, value in ((("source", score.source), score.error), (("category", score.category), score.wrong)):
            counts[key] += 1
            totals[key] += value
    if not counts:
        return
    # In one order for everybody, so that two can't wait for each other.
    keys = sorted(counts)
    columns = [[kind for kind, _ in keys], [name for _, name in keys]]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [*columns, [counts[key] for key in keys], [totals[key] for key in keys]])
