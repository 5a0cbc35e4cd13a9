"""Fill an empty database with the demo; repeating adds only what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from accounts.selectors.handles import has_people, user_ids
from accounts.services.create_user import create_user
from accounts.services.provide_account import provide_account
from common import clock
from demo.services._cast import BOTS, OPERATOR, PEOPLE, password_of
from demo.services._ended_past import ended_belief, ended_steps, ending_steps
from demo.services._gathering import gather_events
from demo.services._open_past import DAYS, belief_of, open_steps
from demo.services._past import Past, Progress, Step, play
from demo.services._questions import demo_markets, ended_markets
from demo.services.keep_records import keep_records
from demo.services.top_up import top_up
from demo.types import DemoMarket
from markets.errors import SlugTaken
from markets.selectors.states import market_states
from markets.services.create_market import create_market
from markets.services.provide_topic import provide_topic
from markets.types import MarketSpec, MarketStatus
from trading.services.open_account import open_account
from trading.services.open_market import open_market
from trading.services.refresh_day_figures import refresh_day_figures

TOPICS: Final = ("Science", "Technology", "Economy", "Climate", "Sports")
#: How long ago everybody joined: before the first market that is over was opened.
AGE: Final = timedelta(days=75)
OVER: Final = (MarketStatus.RESOLVED, MarketStatus.VOID)
_LOTS_A_SHARE: Final = 10_000
#: One part in a hundred of p(1-p), so that fees can be seen without getting in the way.
_TAKER_FEE_BPS: Final = 100


@dataclass(slots=True)
class SeedReport:
    """``is_left_out``: somebody else's data is here, so nothing was done."""

    markets: int = 0
    ended: int = 0
    trades: int = 0
    is_left_out: bool = False


def seed_demo(*, progress: Progress = lambda *_: None) -> SeedReport:
    """Make the demo's people, simulated traders, markets with a few days of history, and weeks of markets that ended.

    A demo that was broken off while it was made gets its open ends tied: markets that ought to be over end.
    """
    report = SeedReport()
    is_new = not user_ids([BOTS[0].handle])
    if has_people() and is_new:
        report.is_left_out = True
        return report
    now = clock.now()
    # Credits come before the trades that they pay for; whoever joins a demo that runs, joins it now.
    with clock.replaying(now - AGE if is_new else now):
        users = _people()
    pasts, steps = _open_markets(users, now)
    ended, more = _ended_markets(users, now, is_new=is_new)
    report.markets, report.ended = len(pasts), len(ended)
    play((*steps, *more), progress=progress)
    if is_new:
        gather_events(users[OPERATOR], [past.market.event for past in (*ended, *pasts) if past.market.event])
    report.trades = sum(past.trades for past in (*pasts, *ended))
    if steps or more:
        refresh_day_figures()
        keep_records()
    return report


def _open_markets(users: Mapping[str, int], now: datetime) -> tuple[list[Past], list[Step]]:
    pasts = []
    for market in demo_markets():
        market_id = _opened(market, users[OPERATOR], now - timedelta(days=DAYS))
        if market_id is not None:
            pasts.append(Past(market, market_id, users, belief_of(market)))
    return pasts, [step for past in pasts for step in open_steps(past, now)]


def _ended_markets(users: Mapping[str, int], now: datetime, *, is_new: bool) -> tuple[list[Past], list[Step]]:
    pasts: list[Past] = []
    steps: list[Step] = []
    found = ended_markets(now)
    for ended in found if is_new else ():
        market_id = _opened(ended.market, users[OPERATOR], ended.opened_at)
        if market_id is not None:
            past = Past(ended.market, market_id, users, ended_belief(ended))
            pasts.append(past)
            steps += ended_steps(past, ended)
    states = market_states(ended.market.slug for ended in found)
    for ended in found:
        state = states.get(ended.market.slug)
        if state is not None and state.status not in OVER:
            steps += ending_steps(state.market_id, ended, users[OPERATOR])
    return pasts, steps


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


def _opened(question: DemoMarket, creator_id: int, at: datetime) -> int | None:
    """The id of the market, open since ``at``; nothing if it was here already."""
    topic = provide_topic(name=question.topic, position=TOPICS.index(question.topic))
    with clock.replaying(at):
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
        kind=question.kind,
        outcomes=question.outcomes,
        scale=question.scale,
        slug=question.slug,
        description=question.description,
        resolution_source=question.source,
        tags=question.tags,
        event_group=question.event,
        liquidity_lots=question.liquidity * _LOTS_A_SHARE,
        taker_fee_bps=_TAKER_FEE_BPS,
    )
