"""Rules are made, changed and deleted, and what fires of them ends."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.types import Role
from alerting.engine.defaults import RULES
from alerting.engine.documents import rule_of
from alerting.models import Alert, AlertingEngine, AlertRule, Delivery, NoiseReport, RuleInstance, ThresholdProposal
from alerting.selectors.points import history_of
from alerting.selectors.series import known_series
from alerting.services import beat_heart as beating
from alerting.services.learn_from_alerts import learn_from_alerts
from alerting.services.provide_rules import provide_rules
from common.outgoing.client import Answer
from monitoring.models import MinuteRollup, Series
from monitoring.services.make_partitions import make_partitions
from tests.alerting.site import START, Site
from tests.factories.accounts import make_alice, make_dave, make_user
from tests.trading.api.conftest import Api, api_of

RULE = {"name": "Slow", "metric_name": "response_time", "condition": "gt", "threshold": 200, "severity": "warning"}
ROOT = "/intelligent-alerting"


@pytest.fixture
def dave(site: Site) -> Api:
    return api_of(make_dave(), "read", "operate")


def test_every_default_rule_can_be_read_and_names_series_of_the_site(site: Site) -> None:
    rules = [rule_of(one.document) for one in RULES]
    history_of(rules, 0)
    assert provide_rules() == len(RULES)
    assert provide_rules() == 0
    assert {rule.expression for rule in rules} <= set(known_series())


def test_a_default_rule_that_was_deleted_does_not_come_back(dave: Api) -> None:
    provide_rules()
    rule = AlertRule.objects.get(default="cpu")
    assert dave.send("DELETE", f"{ROOT}/rules/{rule.pk}").json() == {"id": rule.pk, "deleted": True}
    assert provide_rules() == 0
    assert dave.get(f"{ROOT}/rules/{rule.pk}").status_code == 404


def test_a_rule_is_made_replaced_by_either_address_and_deleted(dave: Api) -> None:
    made = dave.post(f"{ROOT}/rules", RULE).json()
    assert (made["threshold"], made["severity"], made["metric_name"]) == (200, "warning", "response_time")
    by_body = dave.send("PUT", f"{ROOT}/rules", RULE | {"id": made["id"], "threshold": 300}).json()
    assert (by_body["id"], by_body["threshold"]) == (made["id"], 300)
    by_path = dave.send("PUT", f"{ROOT}/rules/{made['id']}", RULE | {"enabled": False}).json()
    assert (by_path["threshold"], by_path["enabled"]) == (200, False)
    assert dave.post(f"{ROOT}/rules", RULE).status_code == 409
    assert dave.send("DELETE", f"{ROOT}/rules?id={made['id']}").status_code == 200
    assert dave.get(f"{ROOT}/rules").json()["items"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"metric_name": "no_such_series"}, "alerting.rule_invalid"),
        ({"metric_name": "__import__('os')"}, "alerting.rule_invalid"),
        ({"condition": "near"}, "alerting.rule_invalid"),
        ({"threshold": "many"}, "alerting.rule_invalid"),
        ({"surprise": 1}, "alerting.rule_invalid"),
        ({"notification_channels": ["nowhere"]}, "alerting.channel_not_found"),
        ({"name": "a\x00b"}, "request.invalid"),
        ({"category": "weather"}, "request.invalid"),
    ],
)
def test_a_rule_that_cannot_be_used_is_refused_and_nothing_is_kept(dave: Api, change: Any, code: str) -> None:
    answer = dave.post(f"{ROOT}/rules", RULE | change)
    assert (answer.status_code in (404, 422), answer.json()["code"]) == (True, code)
    assert AlertRule.objects.count() == 0


def test_switching_a_rule_off_ends_what_it_fires(site: Site, dave: Api) -> None:
    site.channel()
    rule = site.rule()
    site.tell(cpu_usage=91.0)
    site.round(after_s=0)
    document = {"name": rule.name, **rule.document, "enabled": False}
    assert dave.send("PUT", f"{ROOT}/rules/{rule.pk}", document).status_code == 200
    assert Alert.objects.get().reason == "The rule was switched off."
    assert not RuleInstance.objects.exists()
    site.round(after_s=300)
    assert site.titles() == ["Warning: CPU", "CPU"]


def test_traders_see_nothing_and_analysts_change_nothing(site: Site) -> None:
    alice, ana = (
        api_of(make_alice(), "read"),
        api_of(make_user("ana", roles=(Role.TRADER, Role.ANALYST)), "read", "report"),
    )
    for path in ("alerts", "rules", "channels", "summary", "health", "incidents", "silences", "deliveries"):
        assert alice.get(f"{ROOT}/{path}").status_code == 403
        assert ana.get(f"{ROOT}/{path}").status_code == 200
    assert ana.post(f"{ROOT}/rules", RULE).status_code == 403
    assert ana.post(f"{ROOT}/stop-alerting", {}).status_code == 403
    assert AlertRule.objects.count() == 0


def test_a_test_alert_goes_the_real_way(site: Site, dave: Api) -> None:
    site.channel()
    rule = site.rule()
    sent = dave.post(f"{ROOT}/test-alert", {"rule_id": rule.pk}).json()
    assert [one["channel"] for one in sent["deliveries"]] == ["pager"]
    assert Delivery.objects.get().content["title"] == "Test: CPU"


@pytest.fixture
def restless_day(site: Site) -> None:
    """A day of minutes: at 50, a quarter of each hour at 85, and the last twenty minutes at 96."""
    make_partitions(days=[START.date() - timedelta(days=1), START.date()])
    series = Series.objects.create(name="cpu_usage", dimension="", last_on=START.date())
    rows = []
    for minute in range(24 * 60):
        value = 96.0 if minute < 20 else 85.0 if minute % 60 < 15 else 50.0
        at = START - timedelta(minutes=minute + 1)
        told = {"min": value, "max": value, "sum": value * 60, "count": 60, "last": value, "anomaly_count": 0}
        rows.append(MinuteRollup(series_id=series.pk, bucket=at, **told))
    MinuteRollup.objects.bulk_create(rows)


def test_noise_is_learnt_and_a_threshold_proposed_but_never_applied(restless_day: None, site: Site, dave: Api) -> None:
    rule = site.rule(levels={"warning": 80}, no_data="ok")
    for _ in range(6):
        site.tell(cpu_usage=85.0)
        site.round()
        site.tell(cpu_usage=10.0)
        site.round()
    assert learn_from_alerts() == 1
    rule.refresh_from_db()
    assert (rule.noise, rule.fired_7d) == (1.0, 6)
    assert NoiseReport.objects.get().document["alerts"] == 6
    assert rule.document["levels"] == {"warning": 80}
    [proposal] = dave.get(f"{ROOT}/proposals").json()["items"]
    assert proposal["status"] == "open"
    kept = ThresholdProposal.objects.get()
    found = (kept.threshold, kept.proposed, kept.fired, kept.would_fire, kept.reason)
    assert found == (
        80,
        96,
        6,
        0,
        "100% of 6 alerts in two weeks were noise; cpu_usage passes 96 one time in a hundred.",
    )
    for _ in range(2):
        site.round()
    rule.refresh_from_db()
    assert rule.document["levels"] == {"warning": 80}
    assert dave.post(f"{ROOT}/proposals/{kept.pk}", {"accept": True}).json()["status"] == "accepted"
    rule.refresh_from_db()
    assert rule.document["levels"] == {"warning": 96}
    site.tell(cpu_usage=85.0)
    site.round()
    assert Alert.objects.filter(ended_at=None).count() == 0
    assert dave.post(f"{ROOT}/proposals/{kept.pk}", {"accept": True}).status_code == 422


def test_a_value_that_people_were_glad_to_know_stays_within_the_proposal(
    restless_day: None, site: Site, dave: Api
) -> None:
    site.rule(levels={"warning": 80})
    for value in [82.0, *[85.0] * 6]:
        site.tell(cpu_usage=value)
        site.round()
        site.tell(cpu_usage=10.0)
        site.round()
    Alert.objects.filter(value=82.0).update(verdict="useful")
    assert learn_from_alerts() == 1
    assert ThresholdProposal.objects.get().proposed == 82.0


def test_the_heart_beats_while_rules_are_looked_at_and_a_silent_engine_is_told_once(
    site: Site, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    settings.ALERTING_HEARTBEAT_URL = "https://watch.example.org/ping"
    monkeypatch.setattr(beating, "fetch", lambda method, url, **more: asked.append(url) or Answer(200, {}, b"", False))
    site.channel()
    site.rule()
    site.tell(cpu_usage=10.0)
    site.round(after_s=0)
    assert beating.beat_heart()
    assert asked == ["https://watch.example.org/ping"]
    site.clock.shift(91)
    assert not beating.beat_heart()
    assert not beating.beat_heart()
    assert (len(asked), site.titles()) == (1, ["Critical: alerting is silent"])
    site.round(after_s=0)
    assert beating.beat_heart()
    assert AlertingEngine.objects.get().ping_problem == ""


def test_users_test_their_rules_by_command(site: Site, tmp_path: Path) -> None:
    site.rule(**{"for": "2m"})
    file = tmp_path / "tests.yaml"
    file.write_text(
        "tests:\n"
        "  - rule: CPU\n    interval: 1m\n    series: {cpu_usage: '50x5 90x10'}\n"
        "    checks: [{at: 4m, alerts: []}, {at: 9m, alerts: [{state: alerting}]}]\n"
    )
    out = StringIO()
    call_command("test_rules", str(file), stdout=out)
    assert out.getvalue() == "All 1 tests hold.\n"
    file.write_text(file.read_text().replace("alerting", "pending"))
    errors = StringIO()
    with pytest.raises(CommandError, match="of 1 tests don't hold"):
        call_command("test_rules", str(file), stderr=errors)
    assert "there is no alert with state pending" in errors.getvalue()
