"""What makes pages of the journeys' site full: shares, talk, reports, proposals, a record, alerts, keys."""

from accounts.services.assign_roles import assign_roles
from accounts.services.create_api_key import create_api_key
from accounts.types import Role
from alerting.models import SubjectKind
from alerting.services.follow_subject import follow_subject
from alerting.services.provide_channels import provide_channels
from alerting.services.provide_rules import provide_rules
from alerting.services.tell_traders import tell_traders
from alerting.services.watch_market import watch_market
from alerting.services.webhooks.save_endpoint import create_endpoint
from analytics.skill.services.fold_records import fold_records
from analytics.skill.services.follow_trader import follow_trader
from analytics.skill.services.mark_profits import mark_profits
from markets.models import Market
from markets.services.cast_vote import cast_vote
from markets.services.close_market import close_market
from markets.services.post_comment import post_comment
from markets.services.propose_resolution import propose_resolution
from markets.services.react import add_reaction
from markets.services.report import report_comment
from markets.types import ReactionKind, ReportReason, ResolutionPolicy
from tests.e2e.seed import live_market
from tests.factories.accounts import make_user
from tests.factories.markets import make_draft
from trading.services.place_order import place_order
from trading.services.refresh_day_figures import refresh_day_figures
from trading.types import OrderSpec, OrderType, Side, TimeInForce

_TALK = (
    "The *forecast* of the weather service says 70 %, see [their page](https://example.org/):\n\n"
    "- wet west wind\n- low pressure\n\n> as in 2023\n\n`p = 0.7`, so @erik is wrong."
)


def liven() -> None:
    bob, erik, dave = (make_user(handle).pk for handle in ("bob", "erik", "dave"))
    tell_traders()
    market = {one.slug: one.pk for one in Market.objects.all()}
    snow = live_market(question="Will it snow in Porto?", slug="snow", liquidity_lots=5_000_000)
    over = live_market(question="Did it hail in Faro?", slug="hail", liquidity_lots=5_000_000, challenge_window_s=0)
    for user_id in (bob, erik):
        for market_id, outcome in (
            (market["rain"], 0),
            (market["cup"], 3),
            (market["rainfall"], 2),
            (snow, 1),
            (over, 0),
        ):
            _buy(user_id, market_id, outcome)
    _buy(erik, over, 1)
    close_market(market_id=snow, actor_id=None)
    propose_resolution(market_id=snow, actor_id=dave, payouts=(10_000, 0), reason="It did, see the pictures.")
    close_market(market_id=over, actor_id=None)
    propose_resolution(market_id=over, actor_id=None, payouts=(10_000, 0), reason="It did.")
    _talk(market["rain"], bob, erik)
    make_draft(question="Will Dave finish this draft?", slug="draft")
    _vote(bob, erik)
    watch_market(user_id=bob, market_id=market["rain"])
    follow_trader(follower_id=bob, trader_id=erik)
    follow_subject(user_id=bob, kind=SubjectKind.TOPIC, subject_id=Market.objects.get(slug="rain").topic_id)
    _rest(bob, market["rain"])
    create_endpoint(user_id=bob, url="https://example.org/hook", events=("*",), description="To my bot")
    create_api_key(user_id=bob, name="my bot", scopes=("read", "trade"))
    provide_channels()
    provide_rules()
    for work in (refresh_day_figures, fold_records, mark_profits, tell_traders):
        work()


def _buy(user_id: int, market_id: int, outcome: int) -> None:
    spec = OrderSpec(market_id, outcome, Side.BUY, OrderType.MARKET, TimeInForce.IOC, cost_max=500_000_000)
    assert place_order(user_id=user_id, spec=spec).is_accepted


def _rest(user_id: int, market_id: int) -> None:
    """An order that waits in the book."""
    spec = OrderSpec(market_id, 0, Side.BUY, OrderType.LIMIT, TimeInForce.GTC, price=1_000, quantity=25_000)
    assert place_order(user_id=user_id, spec=spec).is_accepted


def _talk(market_id: int, bob: int, erik: int) -> None:
    first = post_comment(market_id=market_id, author_id=bob, text=_TALK, position=(0, 50_000))
    post_comment(market_id=market_id, author_id=erik, text="I doubt it.", parent_id=first)
    rude = post_comment(market_id=market_id, author_id=erik, text="Buy my book!")
    add_reaction(comment_id=first, user_id=erik, kind=ReactionKind.AGREE)
    report_comment(comment_id=rude, reporter_id=bob, reason=ReportReason.SPAM, text="He sells something.")


def _vote(bob: int, erik: int) -> None:
    """A market that bob has made, and decides with others; one of them has voted."""
    assign_roles(user_id=bob, roles=(Role.TRADER, Role.MARKET_MAKER), actor_id=make_user("root").pk)
    wind = live_market(
        question="Did the wind turn?",
        slug="wind",
        creator=make_user("bob"),
        resolution_policy=ResolutionPolicy.COMMITTEE,
        committee=("bob", "erik", "dave"),
        liquidity_lots=5_000_000,
    )
    _buy(bob, wind, 0)
    close_market(market_id=wind, actor_id=None)
    cast_vote(market_id=wind, actor_id=erik, payouts=(10_000, 0), reason="See https://example.org/wind.")
