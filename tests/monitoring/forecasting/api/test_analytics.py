from datetime import timedelta
from typing import Any

import pytest

from accounts.models import AuditRecord
from common import clock
from monitoring.forecasting.models import AnalyticsSwitch, Anomaly, DataPoint, WatchedSeries
from monitoring.forecasting.types import METRICS_MAX
from tests.monitoring.forecasting.found import keep_findings, keep_prediction
from tests.trading.api.conftest import Api

pytestmark = pytest.mark.django_db
ROOT = "/advanced-analytics"


def test_it_starts_and_stops_idempotently(dave: Api) -> None:
    assert dave.post(f"{ROOT}/stop-analytics", {}).json() == {"is_on": False, "has_changed": True}
    assert dave.post(f"{ROOT}/stop-analytics", {}).json() == {"is_on": False, "has_changed": False}
    assert dave.get(f"{ROOT}/summary").json()["is_on"] is False
    assert dave.post(f"{ROOT}/start-analytics", {}).json() == {"is_on": True, "has_changed": True}
    assert list(AuditRecord.objects.order_by("id").values_list("action", flat=True)) == [
        "analytics.stop",
        "analytics.start",
    ]


@pytest.mark.parametrize("route", ["start-analytics", "stop-analytics", "add-data-point", "anomalies/31/verdict"])
def test_analysts_read_and_operators_act(ana: Api, route: str) -> None:
    refused = ana.post(f"{ROOT}/{route}", {})
    assert refused.status_code == 403
    assert AnalyticsSwitch.objects.count() == DataPoint.objects.count() == 0
    assert ana.get(f"{ROOT}/summary").status_code == 200


@pytest.mark.parametrize("route", ["summary", "predictions", "anomalies", "insights"])
def test_traders_don_t_read(alice: Api, route: str) -> None:
    assert alice.get(f"{ROOT}/{route}").status_code == 403


def test_the_summary_counts(dave: Api) -> None:
    keep_findings(number=31)
    keep_prediction(name="sockets", horizon_min=15, skill=0.01, is_hidden=True)
    WatchedSeries.objects.create(name="sockets", read_to=clock.now(), is_stuck=True)
    document = dave.get(f"{ROOT}/summary").json()
    assert document == {
        "is_on": True,
        "watched_at": None,
        "forecast_at": None,
        "series": 2,
        "stuck": ["sockets"],
        "anomalies_24h": 1,
        "predictions": 2,
        "predictions_shown": 1,
        "most_unusual": [{"metric_name": "cpu_usage", "count": 1}],
    }


def test_predictions_without_skill_are_hidden(dave: Api) -> None:
    keep_prediction(name="cpu_usage", horizon_min=15)
    keep_prediction(name="sockets", horizon_min=15, skill=0.01, is_hidden=True)
    shown = dave.get(f"{ROOT}/predictions").json()["items"]
    assert [item["metric_name"] for item in shown] == ["cpu_usage"]
    assert (shown[0]["interval_80"], shown[0]["skill"], shown[0]["unit"]) == ([38.0, 46.0], 0.4, "%")
    every = dave.get(f"{ROOT}/predictions?hidden=yes&metric_name=sockets").json()["items"]
    assert [(item["metric_name"], item["is_hidden"]) for item in every] == [("sockets", True)]


def test_anomalies_and_insights_of_a_range(dave: Api) -> None:
    found = keep_findings(number=31)
    assert [item["id"] for item in dave.get(f"{ROOT}/anomalies?range=1h").json()["items"]] == [31]
    assert dave.get(f"{ROOT}/anomalies?metric_name=sockets").json()["items"] == []
    [insight] = dave.get(f"{ROOT}/insights").json()["items"]
    assert insight["title"] == "CPU rose to 91.0 %; 30.5 % was expected."
    assert insight["evidence"]["moved_with"] == [{"series": "response_time", "correlation": 0.93}]
    Anomaly.objects.filter(pk=found.pk).update(at=clock.now() - timedelta(days=2))
    assert dave.get(f"{ROOT}/insights").json()["items"] == []


def test_a_verdict_is_kept_and_hides_the_insight(dave: Api) -> None:
    keep_findings(number=31)
    judged = dave.post(f"{ROOT}/anomalies/31/verdict", {"verdict": "normal"})
    assert (judged.status_code, judged.json()["verdict"]) == (200, "normal")
    assert dave.post(f"{ROOT}/anomalies/31/verdict", {"verdict": "normal"}).status_code == 200
    assert dave.get(f"{ROOT}/insights").json()["items"] == []
    assert WatchedSeries.objects.get(name="cpu_usage").tolerance == pytest.approx(1.1 * 4.5 / 2.5)
    assert AuditRecord.objects.filter(action="analytics.judge").count() == 1


def test_an_unknown_anomaly_is_not_judged(dave: Api) -> None:
    refused = dave.post(f"{ROOT}/anomalies/99/verdict", {"verdict": "real"})
    assert (refused.status_code, refused.json()["code"]) == (404, "anomaly.not_found")
    assert AuditRecord.objects.count() == 0


def test_a_point_is_taken(dave: Api) -> None:
    body = {"metric_name": "office_temperature", "value": 21.5, "metadata": {"room": "2"}}
    answer = dave.post(f"{ROOT}/add-data-point", body)
    assert (answer.status_code, answer.json()["metric_name"]) == (201, "office_temperature")
    assert list(DataPoint.objects.values_list("name", "value", "metadata")) == [
        ("office_temperature", 21.5, {"room": "2"})
    ]


def test_a_name_of_the_site_s_own_is_kept_apart(dave: Api) -> None:
    answer = dave.post(f"{ROOT}/add-data-point", {"metric_name": "cpu_usage", "value": 1})
    assert answer.json()["metric_name"] == "sent:cpu_usage"


def test_a_late_point_is_taken(dave: Api) -> None:
    moment = (clock.now() - timedelta(hours=23)).isoformat()
    answer = dave.post(f"{ROOT}/add-data-point", {"metric_name": "x", "value": 1, "timestamp": moment})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"metric_name": ""}, "/metric_name"),
        ({"metric_name": "x" * 60}, "/metric_name"),
        ({"value": "1"}, "/value"),
        ({"value": True}, "/value"),
        ({"value": 1e301}, "/value"),
        ({"metadata": [1]}, "/metadata"),
        ({"metadata": {"a": {"b": 1}}}, "/metadata"),
        ({"timestamp": "2020-01-01T00:00:00Z"}, "/timestamp"),
        ({"surprise": 1}, "/surprise"),
    ],
)
def test_a_wrong_point_is_refused_with_its_field(dave: Api, change: dict[str, Any], pointer: str) -> None:
    refused = dave.post(f"{ROOT}/add-data-point", {"metric_name": "x", "value": 1.0} | change)
    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert DataPoint.objects.count() == 0


def test_names_have_a_bound(dave: Api) -> None:
    now = clock.now()
    DataPoint.objects.bulk_create(DataPoint(name=f"m{number}", at=now, value=1.0) for number in range(METRICS_MAX))
    refused = dave.post(f"{ROOT}/add-data-point", {"metric_name": "one_more", "value": 1})
    assert (refused.status_code, refused.json()["code"]) == (409, "analytics.too_many_metrics")
    assert dave.post(f"{ROOT}/add-data-point", {"metric_name": "m7", "value": 1}).status_code == 201
    assert DataPoint.objects.count() == METRICS_MAX + 1


def test_the_dashboards_show_what_was_found(dave: Api) -> None:
    keep_findings(number=31)
    items = dave.get("/advanced-dashboard/dashboard/summary").json()["insights"]["items"]
    found = next(item for item in items if item["title"].startswith("CPU rose to 91.0 %"))
    assert found["series"] == "cpu_usage"
    assert "With it moved response_time. Near it: Version 1.4.1." in found["detail"]
