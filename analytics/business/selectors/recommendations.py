"""What somebody may like to trade in, with the reasons.

Bound      The reader's newest ``OWN_MAX`` markets of 90 days, the ``LIKE_MAX`` people who share most of them, and the
           open markets of these; each by index.
"""

from collections import defaultdict
from datetime import date, timedelta
from typing import Final

from analytics.business.engine.recommendations import Candidate, Recommendation, recommended, resemblance
from analytics.business.selectors.rows import fetch_all

OWN_MAX: Final = 50
LIKE_MAX: Final = 40
BUSY_MAX: Final = 60
SPAN: Final = timedelta(days=90)
_OWN: Final = """
SELECT d.market_id, m.topic, sum(d.volume)::bigint FROM business_traderday d
JOIN business_marketfacts m ON m.market_id = d.market_id
WHERE d.user_id = %(user)s AND d.day > %(since)s GROUP BY 1, 2 ORDER BY max(d.day) DESC, 1 LIMIT %(limit)s
"""
_LIKE: Final = """
SELECT d.user_id, t.handle FROM business_traderday d JOIN business_trader t ON t.user_id = d.user_id
WHERE d.market_id = ANY (%(own)s::bigint[]) AND d.day > %(since)s AND d.user_id <> %(user)s
GROUP BY 1, 2 HAVING count(DISTINCT d.market_id) >= least(2, cardinality(%(own)s::bigint[]))
ORDER BY count(DISTINCT d.market_id) DESC, 1 LIMIT %(limit)s
"""
_THEIRS: Final = """
SELECT DISTINCT d.user_id, d.market_id FROM business_traderday d
WHERE d.user_id = ANY (%(people)s::bigint[]) AND d.day > %(since)s
"""
_OPEN: Final = """
SELECT m.id, m.slug, m.question, f.topic, b.volume_24h FROM markets_market m
JOIN business_marketfacts f ON f.market_id = m.id JOIN trading_marketbook b ON b.market_id = m.id
WHERE m.status = 'open' AND m.id <> ALL (%(own)s::bigint[]) AND (m.id = ANY (%(wanted)s::bigint[]) OR m.id IN (
    SELECT o.id FROM markets_market o JOIN trading_marketbook k ON k.market_id = o.id
    WHERE o.status = 'open' AND o.id <> ALL (%(own)s::bigint[]) ORDER BY k.volume_24h DESC, o.id LIMIT %(busy)s))
"""


def recommendations(*, user_id: int, today: date, limit: int = 10) -> list[Recommendation]:
    """The best markets for the reader now, each with reasons that name what they rest on."""
    since = today - SPAN
    own = fetch_all(_OWN, {"user": user_id, "since": since, "limit": OWN_MAX})
    mine = frozenset(int(row[0]) for row in own)
    likes = _likes(user_id, mine, since) if mine else {}
    parameters = {"own": list(mine), "wanted": list(likes), "busy": BUSY_MAX}
    candidates = [
        Candidate(market_id, slug, question, topic, volume, _best_first(likes.get(market_id, [])))
        for market_id, slug, question, topic, volume in fetch_all(_OPEN, parameters)
    ]
    return recommended(candidates, _topic_shares(own), limit=limit)


def _best_first(likes: list[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted(likes, key=lambda one: (-one[1], one[0])))


def _topic_shares(own: list[tuple[int, str, int]]) -> dict[str, float]:
    volumes: dict[str, int] = defaultdict(int)
    for _, topic, volume in own:
        volumes[topic] += volume
    whole = sum(volumes.values())
    return {topic: volume / whole for topic, volume in volumes.items()} if whole else {}


def _likes(user_id: int, mine: frozenset[int], since: date) -> dict[int, list[tuple[str, float]]]:
    """By market: who trades in it and resembles the reader, and how much."""
    people = dict(fetch_all(_LIKE, {"own": list(mine), "user": user_id, "since": since, "limit": LIKE_MAX}))
    theirs: dict[int, set[int]] = defaultdict(set)
    for person, market_id in fetch_all(_THEIRS, {"people": list(people), "since": since}):
        theirs[person].add(market_id)
    found: dict[int, list[tuple[str, float]]] = defaultdict(list)
    for person, markets in theirs.items():
        weight = resemblance(mine, frozenset(markets))
        for market_id in markets - mine:
            found[market_id].append((people[person], weight))
    return found
