"""Fill an empty database with the demo; repeating adds only what is missing."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction

from accounts.selectors.handles import has_people, user_ids
from accounts.services.create_user import create_user
from accounts.services.provide_account import provide_account
from common import clock
from demo.services._cast import BOTS, OPERATOR, PEOPLE, password_of
from demo.services._past import DAYS, Past, Progress, replay_pasts
from demo.services._questions import demo_markets
from demo.services.top_up import top_up
from demo.types import DemoMarket
from markets.errors import SlugTaken
from markets.services.create_market import create_market
from markets.services.provide_topic import provide_topic
from markets.types import MarketKind, MarketSpec
from trading.services.open_account import open_account
from trading.services.open_market import open_market
from trading.services.refresh_day_figures import refresh_day_figures

TOPICS: Final = ("Science", "Technology", "Economy", "Climate", "Sports")
_LOTS_A_SHARE: Final = 10_000
#: One part in a hundred of p(1-p), so that fees can be seen without getting in the way.
_TAKER_FEE_BPS: Final = 100


@dataclass(slots=True)
class SeedReport:
    """``is_left_out``: somebody else's data is here, so nothing was done."""

    markets: int = 0
    trades: int = 0
    is_left_out: bool = False


def seed_demo(*, progress: Progress = lambda *_: None) -> SeedReport:
    """Make the demo's people, simulated traders and markets with a few days of history."""
    report = SeedReport()
    is_new = not user_ids([BOTS[0].handle])
    if has_people() and is_new:
        report.is_left_out = True
        return report
    questions, now = demo_markets(), clock.now()
    # Credits come before the trades that they pay for; whoever joins a demo that runs, joins it now.
    with clock.replaying(now - timedelta(days=DAYS) if is_new else now):
        users = _people()
    pasts = []
    for question in questions:
        market_id = _opened(question, users[OPERATOR])
        if market_id is not None:
            pasts.append(Past(question, market_id, users))
    report.markets = len(pasts)
    if pasts:
        report.trades = replay_pasts(pasts, now=now, progress=progress)
        refresh_day_figures()
    return report


def _people() -> dict[str, int]:
    with transaction.atomic():
        # The first simulated trader marks a database as the demo's.
        bots = {bot.handle: provide_account(handle=bot.handle, is_simulated=True) for bot in BOTS}
        known = user_ids(person.handle for person in PEOPLE)
        for person in PEOPLE:
            if person.handle not in known:
                made = create_user(handle=person.handle, password=password_of(person.handle), roles=person.roles)
                known[person.handle] = made.pk
    for user_id in known.values():
        open_account(user_id)
    for user_id in bots.values():
        top_up(user_id=user_id)
    return bots | known


def _opened(question: DemoMarket, creator_id: int) -> int | None:
    """The id of the market, open since some days; nothing if it was here already."""
    topic = provide_topic(name=question.topic, position=TOPICS.index(question.topic))
    with clock.replaying(clock.now() - timedelta(days=DAYS)):
        try:
            with transaction.atomic():
                market = create_market(creator_id=creator_id, spec=_spec(question, topic))
                open_market(market.pk)
        except SlugTaken:
            return None
    return market.pk


def _spec(question: DemoMarket, topic: str) -> MarketSpec:
    return MarketSpec(
        question=question.question,
        rules=question.rules,
        topic=topic,
        closes_at=question.closes_at,
        kind=MarketKind.CATEGORICAL if question.outcomes else MarketKind.BINARY,
        outcomes=question.outcomes,
        slug=question.slug,
        description=question.description,
        resolution_source=question.source,
        tags=question.tags,
        liquidity_lots=question.liquidity * _LOTS_A_SHARE,
        taker_fee_bps=_TAKER_FEE_BPS,
    )
