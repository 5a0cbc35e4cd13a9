"""Fill the journeys' own database; run by the fixture ``site`` in a process of its own."""

from datetime import timedelta
from typing import Any

from accounts.types import Role
from common import clock
from markets.services.close_market import close_market
from markets.services.confirm_resolution import confirm_resolution
from markets.services.propose_resolution import propose_resolution
from markets.types import MarketKind, ScaleSpec
from monitoring.models import EventKind
from monitoring.services.make_partitions import make_partitions
from monitoring.services.record_event import record_event
from monitoring.services.roll_up import roll_up
from monitoring.types import SeriesKey
from tests.factories.accounts import make_user
from tests.factories.markets import make_draft
from tests.monitoring.stored import store
from trading.services.open_account import open_account
from trading.services.open_market import open_market
from trading.services.place_order import place_order
from trading.types import OrderSpec, OrderType, Side, TimeInForce

PASSWORD = "three words together"
#: One trader for each journey that counts credits, so that they run in any order.
HANDLES = ("bob", "erik", "frida", "greta", "hugo", "ines", "jana", "lena", "mara")
#: A trader and a market for each size of window at which a journey is walked.
PAIRS = ("erik", "kim", "pia", "paul")
TOWNS = {"phone": "Porto", "desk": "Braga"}
CUP = ("Ajax", "Benfica", "Celtic", "Dinamo", "Everton", "Feyenoord", "Getafe", "Hajduk", "Inter", "Juventus")


def seed() -> None:
    """Open markets with a maker rule (one with resting orders, one with many outcomes), and a decided one."""
    open_account(make_user("dave", roles=(Role.TRADER, Role.OPERATOR), password=PASSWORD).pk)
    open_account(make_user("root", roles=(Role.TRADER, Role.ADMIN), password=PASSWORD).pk)
    for handle in HANDLES:
        open_account(make_user(handle, password=PASSWORD).pk)
    rain = live_market(question="Will it rain in Lisbon on New Year’s Day?", slug="rain", liquidity_lots=5_000_000)
    live_market(question="Will the sun shine at noon in Faro?", slug="faro", liquidity_lots=5_000_000)
    live_market(question="Will the Tagus freeze this winter?", slug="tagus", liquidity_lots=5_000_000)
    live_market(
        question="Who wins the cup?", slug="cup", kind=MarketKind.CATEGORICAL, outcomes=CUP, liquidity_lots=4_000_000
    )
    mm = ScaleSpec(lower="0", upper="100", buckets=10, unit="mm", above=True)
    rainfall = "How much rain will fall in Lisbon in March?"
    live_market(question=rainfall, slug="rainfall", kind=MarketKind.NUMERIC, scale=mm, liquidity_lots=4_000_000)
    for outcome, price in ((0, 4_000), (1, 4_200)):
        spec = OrderSpec(rain, outcome, Side.BUY, OrderType.LIMIT, TimeInForce.GTC, price=price, quantity=300_000)
        assert place_order(user_id=make_user("bob").pk, spec=spec).is_accepted
    _decided_market()
    _measurements()


def seed_sizes() -> None:
    """What the journeys that are walked at both widths need, so that neither run disturbs the other."""
    for size, town in TOWNS.items():
        for name in PAIRS:
            open_account(make_user(f"{name}_{size}", password=PASSWORD).pk)
        live_market(question=f"Will it hail in {town} in May?", slug=f"hail-{size}", liquidity_lots=5_000_000)
        live_market(question=f"Will {town} win the league?", slug=f"league-{size}", liquidity_lots=5_000_000)


def _decided_market() -> None:
    market_id = live_market(question="Did it rain yesterday?", slug="yesterday", challenge_window_s=0)
    close_market(market_id=market_id, actor_id=None)
    propose_resolution(market_id=market_id, actor_id=None, payouts=(10_000, 0), reason="It did.")
    confirm_resolution(market_id=market_id, actor_id=None)


def _measurements() -> None:
    """What an operator's charts show: the last two hours and the same time a week ago, and a deploy between."""
    now = clock.now()
    for days, level in ((7, 10.0), (0, 20.0)):
        until = now - timedelta(days=days)
        make_partitions(days=[(until - timedelta(days=1)).date(), until.date()])
        end = int(until.timestamp()) // 10 * 10
        seconds = range(end - 7_200, end, 10)
        values = {name: level * factor for name, factor in (("cpu_usage", 2), ("throughput", 5), ("response_time", 1))}
        store({second: {SeriesKey(name): value for name, value in values.items()} for second in seconds})
    roll_up()
    record_event(kind=EventKind.DEPLOY, title="0.2.0", detail="The night release", at=now - timedelta(minutes=20))


def live_market(**fields: Any) -> int:
    draft = make_draft(closes_at=clock.now() + timedelta(days=40), **fields)
    open_market(draft.pk)
    return int(draft.pk)
