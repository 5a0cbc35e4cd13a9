"""Fill the journeys' own database; run by the fixture ``site`` in a process of its own."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts.types import Role
from common import clock
from common.jobs.claim import claim_new_job
from common.jobs.kinds import kind_named
from common.jobs.run import run_due_jobs
from common.jobs.sweep import find_lost_jobs
from common.models import Job, JobStatus
from markets.models import Market
from markets.services.close_market import close_market
from markets.services.confirm_resolution import confirm_resolution
from markets.services.propose_resolution import propose_resolution
from markets.types import MarketKind, MarketStatus, ScaleSpec
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
from trading.services.request_statement import request_statement
from trading.tasks import confirm_due_resolutions
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
        _begin_workbook(make_user(f"paul_{size}").pk)
        live_market(question=f"Will it hail in {town} in May?", slug=f"hail-{size}", liquidity_lots=5_000_000)
        live_market(question=f"Will {town} win the league?", slug=f"league-{size}", liquidity_lots=5_000_000)


def _begin_workbook(user_id: int) -> None:
    """A worker has written two fifths of the trader's statement, and nothing is heard of it afterwards."""
    with transaction.atomic():
        job = request_statement(user_id=user_id, is_workbook=True)
        kind = kind_named(job.kind)
        assert kind is not None
        claim_new_job(job, kind)
    far = clock.now() + timedelta(days=1)
    Job.objects.filter(pk=job.pk).update(done=400, total=1_000, words="Writing lines", leased_until=far)


def pass_time(*, market: str, handle: str) -> None:
    """What the clock brings: the challenge window of the market ends, and the trader's lost job is taken up again."""
    now = clock.now()
    assert Market.objects.filter(slug=market, status=MarketStatus.PROPOSED).update(challenge_ends_at=now) == 1
    confirm_due_resolutions()
    assert Market.objects.get(slug=market).status == MarketStatus.RESOLVED
    lost = Job.objects.filter(owner_id=make_user(handle).pk, status=JobStatus.RUNNING)
    assert lost.update(leased_until=now - timedelta(seconds=1)) == 1
    find_lost_jobs()
    run_due_jobs()


def _decided_market() -> None:
    market_id = live_market(question="Did it rain yesterday?", slug="yesterday", challenge_window_s=0)
    close_market(market_id=market_id, actor_id=None)
    propose_resolution(market_id=market_id, actor_id=None, payouts=(10_000, 0), reason="It did.")
    confirm_resolution(market_id=market_id, actor_id=None)


def _measurements() -> None:
    """What an operator's charts show: the last two hours and the same time a week ago, and a deploy between.

    Memory has been measured for two hours only, as on a young site.
    """
    now = clock.now()
    for days, level in ((7, 10.0), (0, 20.0)):
        until = now - timedelta(days=days)
        make_partitions(days=[(until - timedelta(days=1)).date(), until.date()])
        end = int(until.timestamp()) // 10 * 10
        seconds = range(end - 7_200, end, 10)
        values = {name: level * factor for name, factor in (("cpu_usage", 2), ("throughput", 5), ("response_time", 1))}
        if days == 0:
            values["memory_usage"] = 40.0
        store({second: {SeriesKey(name): value for name, value in values.items()} for second in seconds})
    roll_up()
    record_event(kind=EventKind.DEPLOY, title="0.2.0", detail="The night release", at=now - timedelta(minutes=20))


def live_market(**fields: Any) -> int:
    draft = make_draft(closes_at=clock.now() + timedelta(days=40), **fields)
    open_market(draft.pk)
    return int(draft.pk)
