"""The committee of a market with who of it has something to win, and why trading ended, in one statement."""

from typing import Final

from markets.selectors.committee import CommitteeView, SeatView
from trading.selectors.rows import fetch_all

_SELECT: Final = """
SELECT m.vote_window_s, m.vote_ends_at, m.is_staff_turn,
    s.member_id, u.username, COALESCE(s.payouts, '{}'), s.value, s.reason, s.voted_at,
    EXISTS (SELECT FROM trading_position p WHERE p.market_id = m.id AND p.user_id = s.member_id
        AND (p.quantity > 0 OR p.settled_quantity > 0))
    OR EXISTS (SELECT FROM trading_provision p WHERE p.market_id = m.id AND p.user_id = s.member_id
        AND (p.quantity > 0 OR p.settled_quantity > 0)),
    -- By the bound value, so that it is looked for once, not for each seat.
    CASE WHEN m.closed_at < m.closes_at THEN COALESCE((
        SELECT e.data ->> 'reason' FROM markets_marketevent e
        WHERE e.market_id = %(market_id)s AND e.kind = 'closed' ORDER BY e.seq DESC LIMIT 1
    ), '') ELSE '' END
FROM markets_market m
LEFT JOIN (markets_committeeseat s JOIN accounts_user u ON u.id = s.member_id) ON s.market_id = m.id
WHERE m.id = %(market_id)s AND m.resolution_policy = 'committee'
ORDER BY s.id
"""


def committee_with_holders(market_id: int) -> tuple[CommitteeView, frozenset[int], str] | None:
    """And the ids of the members who hold shares or provide liquidity, or did when the market was settled; and what
    whoever closed the market before its time said, empty if nobody did.

    ``None`` for a market that no committee decides.
    """
    rows = fetch_all(_SELECT, {"market_id": market_id})
    if not rows:
        return None
    seats = tuple(SeatView(row[3], row[4], tuple(row[5]), *row[6:9]) for row in rows if row[3] is not None)
    return CommitteeView(seats, *rows[0][:3]), frozenset(row[3] for row in rows if row[9]), rows[0][10]
