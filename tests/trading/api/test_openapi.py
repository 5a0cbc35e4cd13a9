"""The OpenAPI document is complete, warns of nothing, and each of its examples works as written.

``RECORD_API_EXAMPLES=1 pytest tests/trading/api/test_openapi.py`` renews docs/api_examples.json and docs/openapi.json.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from jsonschema import Draft202012Validator

from accounts.models import User
from accounts.types import Role
from analytics.business.services.fold_activity import fold_activity
from analytics.business.services.reconcile_ledger import reconcile_ledger
from analytics.business.services.refresh_days import refresh_days
from analytics.market_ai.services.fold_traders import fold_traders
from common import clock
from common.api.schema_views import openapi_document
from common.jobs.run import run_due_jobs
from markets.models import Market
from markets.services.close_market import close_market
from markets.services.propose_resolution import propose_resolution
from monitoring.engine.layout import By, Panel, PanelKind, document_of
from monitoring.models import Dashboard, EventKind
from monitoring.optimizer.services.decide_recommendation import approve_recommendation, dismiss_recommendation
from monitoring.services.record_event import record_event
from monitoring.types import SeriesKey
from tests.alerting.kept import keep_alerting
from tests.alerting.webhooks.kept import keep_webhook
from tests.analytics.market_ai.estimated import keep_estimate
from tests.analytics.reports.kept import keep_report
from tests.conftest import forget_process
from tests.factories.accounts import make_dave, make_user
from tests.factories.markets import make_draft
from tests.factories.trading import fund, live_categorical_market, place
from tests.monitoring.forecasting.found import keep_findings
from tests.monitoring.optimizer.proposed import keep_recommendation
from tests.monitoring.scaling.decided import keep_decision
from tests.monitoring.stored import store
from tests.trading.api.conftest import Api, api_of
from tests.trading.api.sample_runners import Node, Ran, Told, live_server, run_curl, run_python
from trading.services.add_liquidity import add_liquidity
from trading.services.comment_on_market import comment_on_market
from trading.services.mint_sets import mint_sets
from trading.services.open_market import open_market
from trading.services.order_groups import create_group
from trading.services.request_statement import request_statement

IS_RECORDING = bool(os.environ.get("RECORD_API_EXAMPLES"))
DOCUMENT = openapi_document()
FOR_STAFF = {
    "createMarket",
    "openMarket",
    "proposeResolution",
    "operateMarket",
    "exportJournals",
    "setMarketLimits",
    "getTraderLimits",
    "setTraderLimits",
}
FOR_MODERATORS = {"moderateComment"}
OF_TRADERS = {"getTraderMetrics", "getSiteMetrics", "getPortfolioInsights"}
FIGURES = {"getMarketAnalytics", "getRevenueAnalytics", "getBusinessDashboard", "getKpiSummary", "getBusinessMetric"}
FOR_WATCHERS = {
    "reports",
    "performance dashboard",
    "advanced dashboard",
    "metric analytics",
    "auto-scaling",
    "advanced performance",
    "ai optimization",
    "intelligent-alerting",
    "business intelligence",
}
SHOWN_MAX = 8
METHODS = ("get", "post", "put", "patch", "delete")
SHARE_TOKEN = "q3V9mFh0sYb1xZtL8wCkR2uJ5nDaPeTg7oKiXvBySrM"


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def requests_of_examples() -> Iterator[Any]:
    for path, method, operation in operations():
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        examples = content.get("examples", {"none": {"value": None}})
        for name, example in examples.items():
            yield pytest.param(path, method, operation, example["value"], id=f"{operation['operationId']}-{name}")


def _address(path: str, operation: dict[str, Any], **more: str) -> str:
    query = dict(more)
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(_example(parameter)))
        elif parameter.get("required"):
            query[parameter["name"]] = _example(parameter)
    assert "{" not in path, "every path parameter has an example"
    return path.removeprefix("/api/v1") + (f"?{urlencode(query)}" if query else "")


def _example(parameter: dict[str, Any]) -> str:
    return str(next(iter(parameter["examples"].values()))["value"])


def _document(answer: Any) -> Any:
    """What was answered: JSON, or the text of a file."""
    is_file = not answer.headers["Content-Type"].endswith("json")
    return answer.getvalue().decode() if is_file else answer.json()


def _check(document: Any, operation: dict[str, Any], status: int, content_type: str) -> None:
    schema = operation["responses"][str(status)]["content"][content_type]["schema"]
    validator = Draft202012Validator({**schema, "components": DOCUMENT["components"]})
    problems = [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(document)]
    assert problems == []


def _set_next(sequence: str, value: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(%s, %s, false)", [sequence, value])


@pytest.fixture
def documented_market(alice: Api, bob: Api) -> Market:
    """What the examples speak of: market 7, rain-in-lisbon, with alice's resting order 4512."""
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


def _prepare(operation_id: str) -> None:
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
    if operation_id in {"listOrderGroups", "getOrderGroup", "deleteOrderGroup", "changeOrderGroup"}:
        _keep_group()
    if "Webhook" in operation_id:
        keep_webhook(User.objects.get(username="alice").pk)
    if "Report" in operation_id:
        _keep_report()
    if operation_id in OF_TRADERS | {"getMarketMetrics", "getMarketInsights"}:
        _keep_trader()
    if "Comment" in operation_id or operation_id == "listReplies":
        _keep_comment()


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


def _keep_dashboard(owner: Api) -> None:
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


@dataclass(frozen=True)
class Site:
    url: str
    told: Told
    runners: dict[str, Callable[[str, dict[str, str]], Ran]]


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    process = Node()
    yield process
    process.close()


@pytest.fixture
def site(db: None, node: Node) -> Iterator[Site]:
    with live_server() as (url, told):
        yield Site(url, told, {"Shell": run_curl, "Python": run_python, "JavaScript": node})


def _first_body(operation: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return next(iter(content.get("examples", {"none": {"value": None}}).values()))["value"]


def _run_samples(operation: dict[str, Any], caller: Api, site: Site, recorded: dict[str, dict[str, Any]]) -> None:
    environment = {"OM_URL": site.url, "OM_KEY": caller.secret}
    for sample in operation["x-codeSamples"]:
        before = site.told.count
        with _taken_back():
            ran = site.runners[sample["lang"]](sample["source"], environment)
        forget_process()
        told = site.told
        assert told.count == before + 1, ran
        assert told.status < 300, (ran, told.body)
        assert not ran.failure, ran
        is_json = told.content_type.endswith("json")
        document = json.loads(told.body) if is_json else told.body.decode()
        _check_printed(sample["lang"], ran.printed, document)
        _check(document, operation, told.status, told.content_type)
        recorded.setdefault(operation["operationId"], {}).setdefault(str(told.status), _cut(document))


@contextmanager
def _taken_back() -> Iterator[None]:
    """What is done inside is undone, durable blocks included: to them it is no block, like the test's own."""
    block: Any = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def _check_printed(language: str, printed: str, document: Any) -> None:
    """A reader sees the whole answer."""
    if isinstance(document, str):
        # Python and the shell have their own ends of lines, and Node drops the mark that Excel wants.
        assert printed.lstrip("\ufeff").split() == document.lstrip("\ufeff").split()
    elif language == "Python":
        assert printed == str(document)
    else:
        assert json.loads(printed) == document


@pytest.fixture(scope="module")
def recorded(project_dir: Path) -> Iterator[dict[str, dict[str, Any]]]:
    answers: dict[str, dict[str, Any]] = {}
    yield answers
    if IS_RECORDING:
        docs = project_dir / "docs"
        text = json.dumps(dict(sorted(answers.items())), indent=2, ensure_ascii=False)
        (docs / "api_examples.json").write_text(text + "\n", "utf-8")
        openapi_document.cache_clear()
        (docs / "openapi.json").write_text(_rendered(), "utf-8")


def _rendered() -> str:
    return json.dumps(openapi_document(), indent=2, ensure_ascii=False) + "\n"


def _cut(document: Any) -> Any:
    """The beginning of long lists is example enough."""
    if isinstance(document, dict):
        return {name: _cut(value) for name, value in document.items()}
    return [_cut(item) for item in document[:SHOWN_MAX]] if isinstance(document, list) else document


@pytest.mark.parametrize(("path", "method", "operation", "body"), list(requests_of_examples()))
def test_each_example_works_as_written(
    path: str,
    method: str,
    operation: dict[str, Any],
    body: Any,
    documented_market: Market,
    alice: Api,
    dave: Api,
    site: Site,
    recorded: dict[str, dict[str, Any]],
) -> None:
    """The first example of each operation as the page shows it, by curl, Python and JavaScript; others as requests."""
    assert documented_market.pk == 7
    _prepare(operation["operationId"])
    is_for_staff = operation["operationId"] in FOR_STAFF | OF_TRADERS or FOR_WATCHERS & set(operation["tags"])
    caller = dave if is_for_staff else alice
    if operation["operationId"] in FOR_MODERATORS:
        caller = api_of(make_user("mona", roles=(Role.TRADER, Role.MODERATOR)), "trade")
    _keep_dashboard(dave)
    if body == _first_body(operation):
        _run_samples(operation, caller, site, recorded)
        return
    answer = caller.send(method.upper(), _address(path, operation), body)
    assert answer.status_code < 300, answer.content
    content_type = answer.headers["Content-Type"]
    document = _document(answer)
    _check(document, operation, answer.status_code, content_type)
    recorded.setdefault(operation["operationId"], {}).setdefault(str(answer.status_code), _cut(document))


@pytest.mark.parametrize(("path", "method", "operation"), list(operations()))
def test_failures_are_as_described(path: str, method: str, operation: dict[str, Any], carol: Api) -> None:
    body = {"surprise": 1} if method in ("post", "put") else None
    answer = carol.send(method.upper(), _address(path, operation, surprise="1"), body)
    assert answer.status_code >= 400 or method == "delete"
    _check(answer.json(), operation, answer.status_code, "application/problem+json")


@pytest.mark.parametrize(("path", "method", "operation"), list(operations()))
def test_each_operation_is_described(path: str, method: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    assert any(status.startswith("2") for status in operation["responses"])
    success = next(r for status, r in operation["responses"].items() if status.startswith("2"))
    assert IS_RECORDING or "example" in next(iter(success["content"].values()))
    if method in ("post", "put"):
        assert operation["requestBody"]["content"]["application/json"]["examples"]


def test_the_schema_warns_of_nothing(tmp_path: Path) -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", str(tmp_path / "schema.yml"))


def test_the_stored_document_is_fresh(project_dir: Path) -> None:
    """Record the examples again after a change of the API (see the head of this file)."""
    assert IS_RECORDING or (project_dir / "docs" / "openapi.json").read_text("utf-8") == _rendered()


@pytest.mark.django_db
def test_it_is_served_as_json_and_yaml_with_its_page(client: Client) -> None:
    served = client.get("/api/v1/schema")
    assert IS_RECORDING or served.json() == DOCUMENT
    assert client.get("/api/v1/schema?format=yaml").content.startswith(b"openapi: 3.1.0")
    assert client.get("/api/v1/schema?format=xml").status_code == 422
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "Place an order" in page.content.decode()
    assert "https://" not in page.content.decode().replace("https://testserver", "")
