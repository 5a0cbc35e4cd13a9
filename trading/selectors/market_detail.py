"""Everything public about one market."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from markets.types import Scale
from trading.selectors.market_activity import LOOK
from trading.selectors.market_cards import CARD_COLUMNS, CARD_TABLES, MarketCard, card_fields
from trading.selectors.rows import fetch_one


@dataclass(frozen=True, slots=True)
class TwoDecided:
    """What one operator asked for, saying ``reason``, and another agreed to; ``kind`` is that of an override."""

    kind: str
    at: datetime
    reason: str
    asked_by: str
    agreed_by: str


@dataclass(frozen=True, slots=True)
class MarketDetail(MarketCard):
    """``liquidity`` (b of the maker rule) and ``maker_quantities`` (sold of each outcome) in lots; ``tick`` and
    ``lot`` are the grid steps; fees in basis points of ``price * (1 - price)``; ``proposer`` is a handle, empty for
    the site itself, ``disputer`` one, empty while nobody has objected; ``disputed_at`` is then known from the journal,
    unless so much came after it that it isn't looked for."""

    description: str
    rules: str
    resolution_source: str
    creator_id: int
    creator: str
    source: str
    liquidity: int
    maker_quantities: tuple[int, ...]
    taker_fee_bps: int
    maker_fee_bps: int
    tick: int
    lot: int
    closed_at: datetime | None
    challenge_window_s: int
    proposed_payouts: tuple[int, ...] | None
    proposed_at: datetime | None
    proposal_reason: str
    challenge_ends_at: datetime | None
    dispute_reason: str
    settled_at: datetime | None
    proposer: str
    scale: Scale | None
    proposed_value: Decimal | None
    resolved_value: Decimal | None
    post_only_until: datetime | None
    resolution_policy: str
    is_staff_turn: bool
    answer_url: str
    answer_pointer: str
    answer_rule: str
    answer_delay_s: int
    answer_evidence: str
    answer_failure: str
    disputer: str
    disputed_at: datetime | None
    #: Of the series that its event stands in; empty without.
    series_slug: str
    series_name: str
    #: The oldest first.
    overrides: tuple[TwoDecided, ...]


_CARD_WIDTH: Final = 24
# Constants only are joined here; every value is a bound parameter.
_SELECT: Final = f"""
SELECT {CARD_COLUMNS},
    m.description, m.rules, m.resolution_source, m.creator_id, u.username, m.source,
    m.liquidity_lots + COALESCE(b.added_liquidity, 0), b.maker_quantities, m.taker_fee_bps, m.maker_fee_bps,
    m.tick, m.lot,
    m.closed_at, m.challenge_window_s, m.proposed_payouts, m.proposed_at, m.proposal_reason,
    m.challenge_ends_at, m.dispute_reason, b.settled_at, COALESCE(p.username, ''),
    m.bounds, m.unit, m.is_open_below, m.is_open_above, m.proposed_value, m.resolved_value,
    m.post_only_until, m.resolution_policy, m.is_staff_turn,
    COALESCE(a.url, ''), COALESCE(a.pointer, ''), COALESCE(a.rule, ''), COALESCE(a.delay_s, 0),
    COALESCE(a.evidence, ''), COALESCE(a.failure, ''), COALESCE(d.username, ''),
    -- Of the newest records only: after a dispute few come, and a market may have a million.
    CASE WHEN m.dispute_reason <> '' THEN (
        SELECT max(e.at) FROM (
            SELECT kind, at FROM markets_marketevent WHERE market_id = m.id ORDER BY seq DESC LIMIT {LOOK}
        ) e WHERE e.kind = 'disputed'
    ) END,
    COALESCE(s.slug, ''), COALESCE(s.name, ''),
    (SELECT json_agg(json_build_array(v.kind, v.decided_at, v.reason, v1.username, v2.username) ORDER BY v.id)
     FROM markets_override v JOIN accounts_user v1 ON v1.id = v.requested_by_id
     JOIN accounts_user v2 ON v2.id = v.decided_by_id WHERE v.market_id = m.id AND v.status = 'approved')
FROM {CARD_TABLES} JOIN accounts_user u ON u.id = m.creator_id LEFT JOIN accounts_user p ON p.id = m.proposed_by_id
    LEFT JOIN markets_answersource a ON a.market_id = m.id LEFT JOIN accounts_user d ON d.id = m.disputed_by_id
    LEFT JOIN markets_seriesevent g ON g.name = m.event_group LEFT JOIN markets_series s ON s.id = g.series_id
"""  # noqa: S608
_BY_ID: Final = _SELECT + "WHERE m.id = %(key)s"
_BY_SLUG: Final = _SELECT + "WHERE m.slug = %(key)s"
_ID_MAX: Final = 2**63 - 1


def market_detail(key: int | str) -> MarketDetail | None:
    """The market with this id or slug (a text of digits is an id), or ``None``."""
    market_id = int(key) if isinstance(key, int) or (key.isascii() and key.isdecimal()) else None
    if market_id is not None and not 0 < market_id <= _ID_MAX:
        return None
    row = fetch_one(_BY_SLUG if market_id is None else _BY_ID, {"key": key if market_id is None else market_id})
    if row is None:
        return None
    rest = (*row[_CARD_WIDTH:-1], _overrides(row[-1]))
    proposed = None if rest[14] is None else tuple(rest[14])
    bounds, *ends = rest[21:25]
    scale = None if bounds is None else Scale(tuple(bounds), *ends)
    fields = (*card_fields(row), *rest[:7], tuple(rest[7] or ()), *rest[8:14], proposed, *rest[15:21], scale)
    return MarketDetail(*fields, *rest[25:])


def _overrides(rows: list[list[str]] | None) -> tuple[TwoDecided, ...]:
    return tuple(
        TwoDecided(kind, datetime.fromisoformat(at), reason, asked_by, agreed_by)
        for kind, at, reason, asked_by, agreed_by in rows or ()
    )


def market_id_of(key: int | str) -> int | None:
    """The id of the market with this id or slug, without reading anything for an id."""
    if isinstance(key, int) or (key.isascii() and key.isdecimal()):
        return int(key) if 0 < int(key) <= _ID_MAX else None
    row = fetch_one("SELECT m.id FROM markets_market m WHERE m.slug = %(key)s", {"key": key})
    return None if row is None else int(row[0])
