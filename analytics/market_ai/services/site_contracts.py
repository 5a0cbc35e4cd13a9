"""The site's own resolved markets as contracts.

Contract   A binary market is one contract (yes), any other one for each outcome. Nothing at or after its close is
           looked at. A market that was imported with a bare date for its end counts as known from the start of that
           day, because its answer may have been public all day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from analytics.market_ai.engine.groups import groups_of
from analytics.market_ai.engine.samples import chosen_ticks
from analytics.market_ai.selectors.tape import AnsweredMarket, Ticks, answered_markets, new_ticks, with_traders
from analytics.market_ai.types import Contract
from analytics.sentiment.selectors.tone import news_tones, social_tones
from common import clock

_WHOLE: Final = 10_000
_CHUNK: Final = 50
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def site_contracts() -> list[Contract]:
    """Every answered contract of the site, the oldest answers first; those that paid in part are left out."""
    markets = answered_markets()
    groups = groups_of({str(one.market_id): one.question for one in markets if not one.event_group})
    return contracts_of(markets, groups)


def contracts_of(markets: Sequence[AnsweredMarket], groups: dict[str, str]) -> list[Contract]:
    """The contracts of ``markets`` with their ticks and tones; ``groups`` by market id where no event is named."""
    found: list[Contract] = []
    for first in range(0, len(markets), _CHUNK):
        chunk = markets[first : first + _CHUNK]
        ticks = with_traders(new_ticks({one.market_id: _EPOCH for one in chunk}, now=clock.now()))
        bare = [contract for one in chunk for contract in _contracts(one, ticks, groups)]
        found += _with_tones(bare)
    return found


def _contracts(market: AnsweredMarket, ticks: Ticks, groups: dict[str, str]) -> Iterator[Contract]:
    if max(market.payouts) != _WHOLE:
        return
    ends_at = min(_known_from(market, market.closed_at), _known_from(market, market.resolved_at))
    like = groups.get(str(market.market_id), str(market.market_id))
    for outcome in range(1 if market.is_binary else len(market.payouts)):
        yield Contract(
            key=f"{market.market_id}/{outcome}",
            source=market.source,
            category=market.category,
            group=market.event_group or f"like:{like}",
            question=market.question,
            opened_at=(market.opened_at or market.created_at).timestamp(),
            closes_at=market.closes_at.timestamp(),
            ends_at=ends_at.timestamp(),
            known_at=market.resolved_at.timestamp(),
            outcome=int(market.payouts[outcome] == _WHOLE),
            ticks=tuple(ticks.get((market.market_id, outcome), ())),
        )


def _known_from(market: AnsweredMarket, moment: datetime) -> datetime:
    is_bare_date = bool(market.source) and moment == moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return moment - timedelta(days=1) if is_bare_date else moment


def _with_tones(contracts: Sequence[Contract]) -> Iterator[Contract]:
    """Tones at the moments of the samples, all in two statements."""
    asked = [(contract, tick.at) for contract in contracts for tick in chosen_ticks(contract)]
    moments = [(int(one.key.split("/")[0]), datetime.fromtimestamp(at, UTC)) for one, at in asked]
    tones: dict[str, dict[float, tuple[float, float]]] = {}
    pairs = zip(asked, social_tones(moments), news_tones(moments), strict=True)
    for (contract, at), social, news in pairs:
        tones.setdefault(contract.key, {})[at] = (social.value, news.value)
    for contract in contracts:
        yield replace(contract, tones=tones.get(contract.key))
