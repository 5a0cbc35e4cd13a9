"""What somebody may mean while they type.

Bound      One statement for each: the trigram index of questions finds the candidates, so a wrong letter or two do
           no harm; what no index finds (swapped letters, topics, tags) the whole search does, see ``market_cards``.
           An answer is kept for ``AGE_S`` by each process.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from common.caching.memory_cache import memory_cache
from markets.types import MARKET_LISTS
from trading.selectors.rows import fetch_all

AGE_S: Final = 5.0
MARKETS: Final = 7
QUERY_MIN: Final = 2
_WORDS_MAX: Final = 8
_ALIKE_MIN: Final = 0.5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A market; ``price`` of ``leader`` (empty for "yes" of a binary market) in 1/1,000,000."""

    slug: str
    question: str
    status: str
    topic_name: str
    leader: str
    price: int | None


@dataclass(frozen=True, slots=True)
class SimilarQuestion:
    """``alike`` from 0 to 1, how many trigrams both questions have of those that either has."""

    slug: str
    question: str
    status: str
    alike: float


# The index is of UPPER(question); the longest word is what it looks up, the others are checked.
_SUGGEST: Final = """
SELECT m.slug, m.question, m.status, t.name, CASE WHEN m.kind = 'binary' THEN '' ELSE COALESCE(o.name, '') END, p.price
FROM markets_market m
JOIN markets_topic t ON t.id = m.topic_id
LEFT JOIN trading_marketbook b ON b.market_id = m.id
LEFT JOIN LATERAL (
    SELECT c.price, c.place FROM unnest(b.prices) WITH ORDINALITY AS c(price, place)
    WHERE m.kind <> 'binary' OR c.place = 1 ORDER BY c.price DESC, c.place LIMIT 1) p ON true
LEFT JOIN markets_outcome o ON o.market_id = m.id AND o.index = p.place - 1
WHERE m.status <> 'draft'
  AND (UPPER(m.question) LIKE %(longest)s OR %(asked)s <%% UPPER(m.question))
  AND ((SELECT bool_and(UPPER(' ' || m.question) LIKE w.pattern) FROM unnest(%(patterns)s::text[]) AS w(pattern))
       OR %(asked)s <%% UPPER(m.question))
ORDER BY (UPPER(m.question) LIKE %(prefix)s) DESC, (m.status = 'open') DESC,
    word_similarity(%(asked)s, UPPER(m.question)) DESC, COALESCE(b.volume_24h, 0) DESC, m.id DESC
LIMIT %(limit)s
"""
_SIMILAR: Final = """
SELECT m.slug, m.question, m.status, similarity(UPPER(m.question), UPPER(%(question)s))
FROM markets_market m
WHERE m.status NOT IN ('draft', 'void') AND UPPER(m.question) %% UPPER(%(question)s)
  AND similarity(UPPER(m.question), UPPER(%(question)s)) >= %(least)s
ORDER BY 4 DESC, m.id DESC LIMIT %(limit)s
"""


def suggestions(q: str) -> tuple[Suggestion, ...]:
    """The best few markets for an unfinished search; nothing for less than two letters."""
    words = re.findall(r"[^\W_]+", q.upper())[:_WORDS_MAX]
    return _suggestions(" ".join(words)) if sum(map(len, words)) >= QUERY_MIN else ()


@memory_cache(AGE_S, tags=(MARKET_LISTS,), entries_max=500)
def _suggestions(asked: str) -> tuple[Suggestion, ...]:
    words = asked.split(" ")
    parameters: dict[str, Any] = {
        "asked": asked,
        "prefix": f"{asked}%",
        "longest": f"%{max(words, key=len)}%",
        "patterns": [f"% {word}%" if len(word) <= 3 else f"%{word}%" for word in words],
        "limit": MARKETS,
    }
    return tuple(Suggestion(*row) for row in fetch_all(_SUGGEST, parameters))


def similar_questions(question: str, *, limit: int = 5) -> tuple[SimilarQuestion, ...]:
    """Published markets that ask nearly the same, the likest first."""
    asked = question.replace("\0", "").strip()
    if len(asked) < QUERY_MIN:
        return ()
    parameters = {"question": asked, "least": _ALIKE_MIN, "limit": limit}
    return tuple(SimilarQuestion(*row) for row in fetch_all(_SIMILAR, parameters))
