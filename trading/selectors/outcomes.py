"""The outcomes of a market by index, remembered because they never change once it is open.

Bound   ``_KNOWN_MAX`` markets a process, then it starts anew.
"""

from dataclasses import dataclass
from typing import Final

from trading.selectors.rows import fetch_one

_KNOWN_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class MarketOutcomes:
    """``slugs`` by index; drafts are to be shown to ``creator_id`` and staff only."""

    slugs: tuple[str, ...]
    is_binary: bool
    is_draft: bool
    creator_id: int


_SELECT: Final = """
SELECT ARRAY(SELECT o.slug FROM markets_outcome o WHERE o.market_id = m.id ORDER BY o.index),
       m.kind = 'binary', m.status = 'draft', m.creator_id
FROM markets_market m WHERE m.id = %(market_id)s
"""
_known: dict[int, MarketOutcomes] = {}


def market_outcomes(market_id: int) -> MarketOutcomes | None:
    """What orders and prices of the market are about, or ``None`` when there is no such market."""
    known = _known.get(market_id)
    if known is not None:
        return known
    row = fetch_one(_SELECT, {"market_id": market_id})
    if row is None:
        return None
    slugs, is_binary, is_draft, creator_id = row
    found = MarketOutcomes(tuple(slugs), is_binary, is_draft, creator_id)
    if not is_draft:
        if len(_known) >= _KNOWN_MAX:
            _known.clear()
        _known[market_id] = found
    return found


def forget_outcomes() -> None:
    """Drop what this process knows; for tests, whose databases reuse ids."""
    _known.clear()
