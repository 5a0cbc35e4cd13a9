"""The routes, by exact values of lived days; who may ask; what is refused."""

from decimal import Decimal
from typing import Any

import pytest

from analytics.business.engine.catalogue import METRICS
from analytics.business.models import SiteDay
from common import clock
from tests.analytics.business import oracle
from tests.analytics.business.conftest import NOW
from tests.analytics.business.days import FIRST, Days
from tests.trading.api.conftest import Api

pytestmark = pytest.mark.django_db
ROOT = "/business-intelligence"
ROUTES = ("market-analytics", "revenue-analytics", "predictive-insights", "dashboard-summary", "kpi-summary", "metrics")
WEEK = "start=2026-06-01&end=2026-06-09"


def read(api: Api, address: str) -> Any:
    with clock.replaying(NOW):
        answer = api.get(f"{ROOT}/{address}")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.parametrize("route", [*ROUTES, "metrics/volume"])
def test_traders_don_t_read(alice: Api, route: str) -> None:
    assert alice.get(f"{ROOT}/{route}").status_code == 403


def test_each_metric_by_day_sums_to_its_total(lived: Days, ana: Api) -> None:
    for name, metric in METRICS.items():
        days = read(ana, f"metrics/{name}?{WEEK}")["items"]
        [total] = read(ana, f"metrics/{name}?{WEEK}&grain=total")["items"]
        assert days[0]["start"] == "2026-06-01"
        if not metric.is_ratio and name != "active_traders":
            assert sum(Decimal(day["value"]) for day in days) == Decimal(total["value"]), name


def test_dimensions_sum_to_the_whole(lived: Days, ana: Api) -> None:
    [whole] = read(ana, f"metrics/volume?{WEEK}&grain=total")["items"]
    by_topic = read(ana, f"metrics/volume?{WEEK}&grain=total&dimensions=topic,kind")["items"]
    assert sum(Decimal(row["value"]) for row in by_topic) == Decimal(whole["value"])
    topic = by_topic[0]["dimensions"]["topic"]
    [only] = read(ana, f"metrics/volume?{WEEK}&grain=total&topic={topic}")["items"]
    mine = [Decimal(row["value"]) for row in by_topic if row["dimensions"]["topic"] == topic]
    assert Decimal(only["value"]) == sum(mine)
    people = read(ana, f"metrics/active_traders?{WEEK}&grain=total&dimensions=segment")["items"]
    assert people == [{"start": "2026-06-01", "dimensions": {"segment": "people"}, "value": 5}]


def test_revenue_is_what_the_ledger_says(lived: Days, ana: Api) -> None:
    document = read(ana, "revenue-analytics?range=30d")
    days = oracle.figures()
    income = sum(day["fee_income"] for day in days.values())
    result = sum(day["maker_result"] for day in days.values())
    assert Decimal(document["net"]) * 10**8 == income + result
    assert sum(Decimal(line["amount"]) for line in document["sources"]) == Decimal(document["net"])
    assert (document["unexplained"], document["reconciliation"]["difference"]) == ("0", "0")


def test_the_answers_agree_with_each_other(lived: Days, ana: Api) -> None:
    figures = {one["metric"]: one for one in read(ana, "kpi-summary?range=7d")["items"]}
    trades = sum(SiteDay.objects.filter(day__gt=FIRST.date()).values_list("trades", flat=True))
    assert figures["trades"]["value"] == trades
    assert read(ana, "dashboard-summary?range=7d")["items"] == list(figures.values())
    document = read(ana, "market-analytics?range=30d")
    assert sum(sum(hours) for hours in document["peaks"]["trades_by_hour"].values()) == sum(
        one["trades"] for one in document["popular"]
    )
    assert document["ratings"]["is_available"] is False
    outlook = read(ana, "predictive-insights")["items"][0]
    assert outlook["reason"] == "A forecast needs 35 whole days; there are 7."


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("metrics/luck", 404, "business.metric_unknown"),
        ("metrics/volume?start=2026-06-09&end=2026-06-01", 400, "business.question_invalid"),
        ("metrics/volume?dimensions=segment", 400, "business.question_invalid"),
        ("metrics/volume?dimensions=moon", 422, "request.invalid"),
        ("metrics/volume?start=june", 422, "request.invalid"),
        ("kpi-summary?range=2d", 422, "request.invalid"),
    ],
)
def test_what_can_t_be_asked(ana: Api, address: str, status: int, code: str) -> None:
    answer = ana.get(f"{ROOT}/{address}")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_the_overview_reads_as_little_however_much_was_traded(
    lived: Days, ana: Api, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        read(ana, "kpi-summary?range=365d")
