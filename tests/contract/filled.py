"""A little of everything that pages show: markets in every state, people, talk, work of staff."""

from datetime import timedelta

from accounts.models import User
from accounts.services.announce import AnnouncementSpec, announce
from accounts.types import Audience, Role
from alerting.models import WebhookEndpoint
from alerting.services.webhooks.send_test_event import send_test_event
from analytics.business.services.fold_activity import fold_activity
from analytics.business.services.reconcile_ledger import reconcile_ledger
from analytics.business.services.refresh_days import refresh_days
from analytics.market_ai.services.fold_traders import fold_traders
from common import clock
from common.jobs.run import run_due_jobs
from markets.models import Market
from markets.services.cast_vote import cast_vote
from markets.services.close_market import close_market
from markets.services.dispute_resolution import dispute_resolution
from markets.services.halt_market import halt_market
from markets.services.place_event import place_event
from markets.services.plan_market import begin_plan
from markets.services.propose_resolution import propose_resolution
from markets.services.request_override import request_override
from markets.services.save_series import create_series
from markets.types import Cadence, MarketKind, OverrideKind, ResolutionPolicy, SeriesSpec
from tests.alerting.kept import keep_alerting
from tests.analytics.market_ai.estimated import keep_estimate
from tests.analytics.reports.kept import keep_report
from tests.e2e.seed import live_market, seed
from tests.factories.accounts import make_user
from tests.monitoring.forecasting.found import keep_findings
from tests.monitoring.optimizer.proposed import keep_recommendation
from tests.monitoring.scaling.decided import keep_decision
from tests.quality.seed import liven
from trading.services.add_liquidity import add_liquidity
from trading.services.open_account import open_account
from trading.services.place_order import place_order
from trading.services.request_statement import request_statement
from trading.types import OrderSpec, OrderType, Side, TimeInForce

#: Of every kind and in every state.
MARKETS = (
    "rain", "cup", "rainfall", "yesterday", "snow", "hail", "draft", "halted", "disputed", "committee", "tomorrow",
    "hundred",
)  # fmt: skip


def fill() -> None:
    seed()
    liven()
    dave, bob, erik = (User.objects.get(username=name) for name in ("dave", "bob", "erik"))
    _fill_markets(dave.pk, bob.pk, erik.pk)
    _fill_orders(bob.pk)
    begin_plan(creator_id=dave.pk, template="by-date", answers={"question": "Will it be warm?"})
    _fill_staff(dave, bob.pk)
    fold_activity()
    refresh_days()
    reconcile_ledger()
    fold_traders()


def _fill_markets(dave: int, bob: int, erik: int) -> None:
    series = create_series(creator_id=dave, spec=SeriesSpec(name="Rain of the day", cadence=Cadence.DAILY))
    live_market(question="Rain tomorrow in Porto?", slug="tomorrow", event_group="Rain tomorrow")
    live_market(question="Rain tomorrow in Braga?", slug="braga", event_group="Rain tomorrow", tags=("weather",))
    place_event(slug=series.slug, event="Rain tomorrow", actor_id=dave)
    names = tuple(f"Name{number}" for number in range(100))
    live_market(question="Which of a hundred?", slug="hundred", kind=MarketKind.CATEGORICAL, outcomes=names)
    halt_market(
        market_id=live_market(slug="halted", event_group="Rain tomorrow"), actor_id=dave, reason="The source is down."
    )
    disputed = live_market(slug="disputed", liquidity_lots=5_000_000)
    buy = OrderSpec(disputed, 0, Side.BUY, OrderType.MARKET, TimeInForce.IOC, cost_max=100_000_000)
    assert place_order(user_id=bob, spec=buy).is_accepted
    close_market(market_id=disputed, actor_id=None)
    propose_resolution(market_id=disputed, actor_id=dave, payouts=(10_000, 0), reason="It did.")
    dispute_resolution(market_id=disputed, actor_id=bob, reason="It didn't.")
    seats = ("bob", "erik", "frida")
    committee = live_market(
        slug="committee", event_group="Rain tomorrow", resolution_policy=ResolutionPolicy.COMMITTEE, committee=seats
    )
    close_market(market_id=committee, actor_id=None)
    cast_vote(market_id=committee, actor_id=erik, payouts=(10_000, 0), reason="I saw it.")


def _fill_orders(bob: int) -> None:
    """One in each state of what a market's page and a portfolio list."""
    market = Market.objects.get(slug="rain").pk
    for price, name in ((1_000, "a"), (1_100, "b")):
        spec = OrderSpec(market, 0, Side.BUY, OrderType.LIMIT, TimeInForce.GTC, price=price, quantity=30_000)
        assert place_order(user_id=bob, spec=spec, client_order_id=f"filled-{name}").is_accepted
    add_liquidity(user_id=bob, market_id=market, quantity=500_000)
    model = keep_estimate(market).model
    model.metrics = {"sources": {}, "pooled": {}, "reliability": {"model": [], "price": []}}
    model.metrics |= {"importance": [], "learning_curve": []}
    model.save()


def _fill_staff(dave: User, bob: int) -> None:
    now = clock.now()
    night = AnnouncementSpec(
        title="Maintenance",
        text="Tonight.",
        audience=Audience.EVERYBODY,
        starts_at=now,
        ends_at=now + timedelta(hours=9),
    )
    announce(actor_id=dave.pk, spec=night)
    asking = make_user("olga", roles=(Role.OPERATOR,))
    open_account(asking.pk)
    faro = Market.objects.get(slug="faro").pk
    request_override(market_id=faro, actor_id=asking.pk, kind=OverrideKind.VOID, reason="The service is closed.")
    keep_alerting()
    endpoint = WebhookEndpoint.objects.get().pk
    send_test_event(user_id=bob, endpoint_id=endpoint, event="order.filled")
    keep_findings(number=31)
    keep_recommendation(number=57)
    keep_decision(number=812)
    keep_report(dave)
    request_statement(user_id=bob)
    run_due_jobs()
