"""The whole life of a market that is over: weeks of trading, the close, a proposal, its answer, and the payout.

Contract   Everything goes through the services that staff and traders use, so the ledger balances. What happened
           depends on the question alone, never on the day on which the demo is made.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from demo.engine.belief import ended_truth
from demo.services._open_past import actors
from demo.services._past import Actor, Past, Step
from demo.types import EndedMarket, Strategy
from markets.selectors.states import market_states
from markets.services.void_market import void_market
from markets.types import Action, MarketStatus
from trading.services.change_lifecycle import LifecycleStep, change_lifecycle
from trading.services.settle_market import settle_market

#: After the close: the half hour before the proposal and the challenge window of a day are over.
_SETTLED: Final = timedelta(days=1, minutes=31)
_STEPS: Final = 26
_STEPS_MORE_OUTCOMES: Final = 36
_PERSON: Final = 300.0
#: Who acts how often, and how far ahead they see, as a part of the market's life: some know more than others.
_CAST: Final = (
    *((actor, 18, 0.0) for actor in actors(Strategy.INFORMED)),
    *((actor, 8, 0.0) for actor in actors(Strategy.NOISE)),
    (Actor("alice", Strategy.INFORMED, _PERSON), 13, 0.25),
    (Actor("bob", Strategy.INFORMED, _PERSON), 9, -0.1),
    (Actor("carol", Strategy.NOISE, _PERSON), 6, 0.0),
)
_WEIGHTS: Final = tuple(weight for _, weight, _ in _CAST)


def ended_belief(ended: EndedMarket) -> Callable[[datetime], tuple[float, ...]]:
    market, opened_at = ended.market, ended.opened_at
    life = market.closes_at - opened_at
    return lambda at: ended_truth(market.slug, market.chances, ended.last, (at - opened_at) / life)


def ended_steps(past: Past, ended: EndedMarket) -> Iterator[Step]:
    """Everybody's trades, from the first day to the last."""
    life = ended.market.closes_at - ended.opened_at
    count = _STEPS_MORE_OUTCOMES if ended.market.outcomes else _STEPS
    # The first days find the price; the last price is found shortly before the close.
    shares = (0.01, 0.02, *sorted(past.random.uniform(0.03, 0.97) for _ in range(count - 4)), 0.98, 0.995)
    for number, share in enumerate(shares):
        at = ended.opened_at + life * share
        yield Step(at, ended.market.question, partial(_act, past, number, at, life))


def _act(past: Past, number: int, at: datetime, life: timedelta) -> None:
    ((actor, _, ahead),) = past.random.choices(_CAST, _WEIGHTS)
    past.act(actor, number, at + life * ahead)


def ending_steps(market_id: int, ended: EndedMarket, operator_id: int) -> Iterator[Step]:
    """What is left to do until everybody is paid; a step that was done before does nothing."""
    step = partial(LifecycleStep, market_id=market_id, actor_id=operator_id)
    acts: list[tuple[timedelta, MarketStatus, Callable[[], object]]] = [
        (timedelta(), MarketStatus.OPEN, partial(change_lifecycle, step(action=Action.CLOSE)))
    ]
    proposed, disputed = timedelta(minutes=30), timedelta(hours=2)
    if ended.payouts:
        proposal = step(action=Action.PROPOSE, payouts=ended.payouts, reason=ended.reason)
        acts.append((proposed, MarketStatus.CLOSED, partial(change_lifecycle, proposal)))
        confirm = partial(change_lifecycle, step(action=Action.CONFIRM))
        if ended.dispute:
            dispute = step(action=Action.DISPUTE, reason=ended.dispute)
            acts.append((disputed, MarketStatus.PROPOSED, partial(change_lifecycle, dispute)))
            acts.append((_SETTLED, MarketStatus.DISPUTED, confirm))
        acts.append((_SETTLED, MarketStatus.PROPOSED, confirm))
    else:
        void = partial(void_market, market_id=market_id, actor_id=None, reason=ended.reason)
        acts.append((proposed, MarketStatus.CLOSED, void))
    for after, status, perform in acts:
        at = ended.market.closes_at + after
        yield Step(at, ended.market.question, partial(_perform, ended.market.slug, status, perform))
    settle = partial(settle_market, market_id=market_id)
    yield Step(ended.market.closes_at + _SETTLED + timedelta(seconds=5), ended.market.question, settle)


def _perform(slug: str, status: MarketStatus, perform: Callable[[], object]) -> None:
    if market_states([slug])[slug].status is status:
        perform()
