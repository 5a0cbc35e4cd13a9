"""What the examples of the OpenAPI document speak of, as they find it."""

from django.db import connection

from accounts.models import User
from accounts.types import Role
from analytics.business.services.fold_activity import fold_activity
from analytics.business.services.reconcile_ledger import reconcile_ledger
from analytics.business.services.refresh_days import refresh_days
from analytics.market_ai.services.fold_traders import fold_traders
from common import clock
from common.jobs.run import run_due_jobs
from markets.models import Market
from markets.services.close_market import close_market
from markets.services.place_event import place_event
from markets.services.propose_resolution import propose_resolution
from markets.services.request_override import request_override
from markets.services.save_series import create_series
from markets.types import Cadence, OverrideKind, ResolutionPolicy, SeriesSpec
from monitoring.engine.layout import By, Panel, PanelKind, document_of
from monitoring.models import Dashboard, EventKind
from monitoring.optimizer.services.decide_recommendation import approve_recommendation, dismiss_recommendation
from monitoring.services.record_event import record_event
from monitoring.types import SeriesKey
from tests.alerting.kept import keep_alerting
from tests.alerting.webhooks.kept import keep_webhook
from tests.analytics.market_ai.estimated import keep_estimate
from tests.analytics.reports.kept import keep_report
from tests.factories.accounts import make_dave, make_user
from tests.factories.markets import make_draft
from tests.factories.trading import fund, live_categorical_market, place
from tests.monitoring.forecasting.found import keep_findings
from tests.monitoring.optimizer.proposed import keep_recommendation
from tests.monitoring.scaling.decided import keep_decision
from tests.monitoring.stored import store
from tests.trading.api.conftest import Api
from trading.services.add_liquidity import add_liquidity
from trading.services.comment_on_market import comment_on_market
from trading.services.mint_sets import mint_sets
from trading.services.open_market import open_market
from trading.services.order_groups import create_group
from trading.services.request_statement import request_statement

OF_TRADERS = {"getTraderMetrics", "getSiteMetrics", "getPortfolioInsights"}
FIGURES = {"getMarketAnalytics", "getRevenueAnalytics", "getBusinessDashboard", "getKpiSummary", "getBusinessMetric"}
OF_SERIES = {"listSeries", "getSeries", "editSeries", "placeEvent", "takeEventOut", "getEvent"}
SHARE_TOKEN = "q3V9mFh0sYb1xZtL8wCkR2uJ5nDaPeTg7oKiXvBySrM"


def _set_next(sequence: str, value: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(%s, %s, false)", [sequence, value])


def keep_market(alice: Api, bob: Api) -> Market:
    """Market 7, rain-in-lisbon, with alice's resting order 4512."""
    _set_next("markets_market_id_seq", 7)
    draft = make_draft(slug="rain-in-lisbon", question="Will it rain in Lisbon tomorrow?", liquidity_lots=10_000_000)
    open_market(draft.pk)
    _set_next("trading_order_ids", 4511)
    bob.post("/orders", {"market_id": 7, "outcome": "yes", "side": "buy", "price": "0.60", "quantity": "20"})
    alice.post("/orders", {"market_id": 7, "outcome": "yes", "side": "buy", "price": "0.40", "quantity": "10"})
    alice.post("/markets/7/sets", {"action": "mint", "quantity": "5"})
    alice.post("/orders", {"market_id": 7, "outcome": "no", "side": "buy", "type": "market", "max_cost": "3"})
    draft.refresh_from_db()
    return draft


def prepare(operation_id: str) -> None:
    """Bring the markets to where the operation's examples begin."""
    if operation_id == "openMarket":
        make_draft(slug="sun-in-porto", question="Will the sun shine in Porto tomorrow?", liquidity_lots=10_000_000)
    if operation_id in {"proposeResolution", "disputeResolution"}:
        close_market(market_id=7, actor_id=None)
    _prepare_jobs(operation_id)
    _prepare_maker(operation_id)
    if operation_id in {"getAnalyticsSummary", "listPredictions", "listAnomalies", "listInsights", "judgeAnomaly"}:
        keep_findings(number=31)
    if operation_id in FIGURES | {"listRecommendations"}:
        fold_activity()
        refresh_days()
        reconcile_ledger()
    if any(word in operation_id for word in ("Alert", "Incident", "Silence", "Threshold")):
        keep_alerting()
    if "Optimiz" in operation_id:
        _keep_recommendation(operation_id)
    if operation_id in {"getPrediction", "batchPredictions"}:
        keep_estimate(7)
    if "Scaling" in operation_id:
        keep_decision(number=812)
    _prepare_people(operation_id)
    if operation_id == "disputeResolution":
        why = "The weather service reports 4 mm of rain."
        propose_resolution(market_id=7, actor_id=make_dave().pk, payouts=[10_000, 0], reason=why)


def _keep_group() -> None:
    """Order group 12 of the examples is alice's."""
    _set_next("trading_ordergroup_id_seq", 12)
    create_group(user_id=User.objects.get(username="alice").pk, limit_lots=100 * 10_000, window_s=15)


def _prepare_jobs(operation_id: str) -> None:
    if operation_id in {"listJobs", "getJob", "cancelJob", "getJobResult"}:
        _set_next("common_job_id_seq", 31)
        request_statement(user_id=User.objects.get(username="alice").pk)
    if operation_id in {"getJob", "getJobResult"}:
        run_due_jobs()


def _prepare_maker(operation_id: str) -> None:
    """Alice provides liquidity, and holds complete sets of the market whose NO she converts."""
    alice = User.objects.get(username="alice")
    if operation_id in {"getLiquidity", "changeLiquidity"}:
        add_liquidity(user_id=alice.pk, market_id=7, quantity=500_000)
    if operation_id == "convertNo":
        probes = ("Venus", "Mars", "Jupiter")
        market = live_categorical_market(outcomes=probes, slug="next-probe", question="Which probe launches first?")
        mint_sets(user_id=alice.pk, market_id=market.pk, quantity=300_000)


def _prepare_people(operation_id: str) -> None:
    if operation_id in OF_SERIES:
        _keep_series()
    if operation_id in {"listOverrides", "approveOverride", "declineOverride"}:
        _keep_override()
    if operation_id in {"getCommittee", "castVote"}:
        _keep_committee()
    if operation_id in {"listOrderGroups", "getOrderGroup", "deleteOrderGroup", "changeOrderGroup"}:
        _keep_group()
    if "Webhook" in operation_id:
        keep_webhook(User.objects.get(username="alice").pk)
    if "Report" in operation_id:
        _keep_report()
    if operation_id in OF_TRADERS | {"getMarketMetrics", "getMarketInsights"}:
        _keep_trader()
    if "Comment" in operation_id or "Reaction" in operation_id or operation_id == "listReplies":
        _keep_comment()


def _keep_series() -> None:
    """The series rain-of-the-day is dave's and has the event "Rain tomorrow"; "Rain today" is in none yet."""
    dave = make_dave()
    series = create_series(creator_id=dave.pk, spec=SeriesSpec(name="Rain of the day", cadence=Cadence.DAILY))
    for event, slug in (("Rain tomorrow", "rain-tomorrow"), ("Rain today", "rain-today")):
        open_market(make_draft(slug=slug, question=f"{event} in Porto?", event_group=event).pk)
    place_event(slug=series.slug, event="Rain tomorrow", actor_id=dave.pk)


def _keep_committee() -> None:
    """The market rain-by-committee has just closed; alice is a member of its committee."""
    handles = ("alice", "erin", "olga")
    for handle in handles:
        make_user(handle)
    draft = make_draft(slug="rain-by-committee", resolution_policy=ResolutionPolicy.COMMITTEE, committee=handles)
    open_market(draft.pk)
    close_market(market_id=draft.pk, actor_id=None)


def _keep_override() -> None:
    """Override 41 of the examples waits; somebody else than dave has asked for it."""
    _set_next("markets_override_id_seq", 41)
    asking = make_user("olga", roles=(Role.OPERATOR,))
    why = "The weather service is closed for good."
    request_override(market_id=7, actor_id=asking.pk, kind=OverrideKind.VOID, reason=why)


def _keep_trader() -> None:
    """Trader 1001 of the examples, who bought again and again what alice and bob have as well."""
    _set_next("accounts_user_id_seq", 1001)
    erin = fund(make_user("erin"))
    for _ in range(24):
        place(erin, Market.objects.get(pk=7), "buy", 0, price=None, shares=2)
    fold_traders()


def _keep_report() -> None:
    """Definition 31 and report 31 of the examples are dave's."""
    _set_next("reports_reportdefinition_id_seq", 31)
    _set_next("reports_report_id_seq", 31)
    keep_report(make_dave())


def _keep_recommendation(operation_id: str) -> None:
    row = keep_recommendation(number=57)
    if operation_id in {"revertOptimizerRecommendation", "listOptimizationActions"}:
        approve_recommendation(actor_id=make_dave().pk, recommendation_id=row.pk)
    if operation_id == "listOptimizerHistory":
        dismiss_recommendation(actor_id=make_dave().pk, recommendation_id=row.pk, reason="It is by design.")


def _keep_comment() -> None:
    """Comment 21 of the examples, by alice, who holds shares; with a reply."""
    _set_next("markets_comment_id_seq", 21)
    alice = User.objects.get(username="alice").pk
    comment_on_market(market_id=7, author_id=alice, text="It has rained on **every** 23rd since 2020.")
    comment_on_market(market_id=7, author_id=User.objects.get(username="bob").pk, text="In Porto.", parent_id=21)


def keep_dashboard(owner: Api) -> None:
    """Dashboard 31 of the examples, with its link, and what a chart shows of the last minutes."""
    moment = clock.now()
    second = int(moment.timestamp()) // 10 * 10 - 600
    store(
        {second + step: {SeriesKey("cpu_usage"): 31.5, SeriesKey("response_time"): 12.25} for step in range(0, 600, 10)}
    )
    store({second: {SeriesKey("throughput", "route:GET /api/v1/markets"): 4.0}})
    record_event(kind=EventKind.DEPLOY, title="Version 1.4.1")
    record_event(kind=EventKind.ALERT, title="CPU is above its limit.", detail="91 %", series="cpu_usage")
    layout = [document_of(Panel(("cpu_usage",), "", By.SITE, PanelKind.LINE, "Machine", 2))]
    facts = {"name": "Evening", "span": "1h", "layout": layout, "share_token": SHARE_TOKEN}
    Dashboard.objects.create(id=31, owner=owner.user, created_at=moment, updated_at=moment, **facts)
