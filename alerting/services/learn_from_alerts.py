"""What the last weeks say about each rule: how noisy it is, a better threshold, and the weekly report.

Contract   Proposals are only that; ``decide_proposal`` applies them. Run again it changes what it wrote before.
Bound      The alerts of two weeks, and one reading of the past for each rule that is noisy.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from alerting.engine.backtest import backtest
from alerting.engine.expressions import read_expression
from alerting.engine.noise import noise_score
from alerting.engine.tuning import ALERTS_MIN, NOISE_MIN, proposed_threshold, with_threshold
from alerting.errors import IntervalInvalid, RuleInvalid
from alerting.models import Alert, AlertingEngine, AlertRule, NoiseReport, ThresholdProposal, Verdict
from alerting.selectors.points import past_of
from alerting.selectors.rules import all_rules, engine_rule
from common import clock

_WEEK: Final = timedelta(days=7)
_SPAN: Final = timedelta(days=14)
_STEP_S: Final = 300.0
_ALERTS_MAX: Final = 5_000


def learn_from_alerts() -> int:
    """Returns: how many thresholds are proposed"""
    now = clock.now()
    rules, proposed = all_rules(), 0
    for rule in rules:
        week = _alerts(rule, now - _WEEK)
        rule.noise, rule.fired_7d = _noise(week), len(week)
        proposed += _propose(rule, _alerts(rule, now - _SPAN), now)
    AlertRule.objects.bulk_update(rules, ["noise", "fired_7d"], 500)
    _report(rules, now)
    return proposed


def _alerts(rule: AlertRule, since: datetime) -> list[Alert]:
    return list(Alert.objects.filter(rule=rule, started_at__gte=since).order_by("-started_at")[:_ALERTS_MAX])


def _noise(alerts: Sequence[Alert]) -> float | None:
    """A verdict counts before the clock does."""
    durations: list[float | None] = []
    acted: list[bool] = []
    for one in alerts:
        lasted = None if one.ended_at is None else (one.ended_at - one.started_at).total_seconds()
        durations.append(0.0 if one.verdict == Verdict.NOISE else lasted)
        acted.append(one.verdict != Verdict.NOISE and (one.verdict == Verdict.USEFUL or bool(one.acknowledged_by)))
    return noise_score(durations, acted)


def _propose(row: AlertRule, alerts: Sequence[Alert], now: datetime) -> int:
    noise = _noise(alerts)
    if len(alerts) < ALERTS_MIN or noise is None or noise < NOISE_MIN or not row.is_enabled:
        return 0
    try:
        rule = engine_rule(row)
    except (RuleInvalid, IntervalInvalid):
        return 0
    start, end = (now - _SPAN).timestamp(), now.timestamp()
    past = past_of(rule, start, end)
    name = read_expression(rule.expression).names[0]
    values = [value for value in past.points(name, "").values if value is not None]
    useful = [one.value for one in alerts if one.verdict == Verdict.USEFUL and one.value is not None]
    threshold = proposed_threshold(rule, values, useful) if read_expression(rule.expression).plain else None
    if threshold is None:
        return 0
    would = backtest(with_threshold(rule, threshold), past, start, end, _STEP_S).fired_count
    mildest = rule.levels[0]
    ThresholdProposal.objects.update_or_create(
        rule=row,
        severity=mildest.severity.value,
        status=ThresholdProposal.Status.OPEN,
        defaults={
            "made_at": now,
            "threshold": mildest.threshold,
            "proposed": threshold,
            "fired": len(alerts),
            "would_fire": would,
            "reason": (
                f"{noise:.0%} of {len(alerts)} alerts in two weeks were noise; {name} passes {threshold:g} one time in "
                f"a hundred."
            ),
        },
    )
    return 1


def _report(rules: Sequence[AlertRule], now: datetime) -> None:
    """Once a week, on Monday, of the week before."""
    week = _week_of(now)
    row, _ = AlertingEngine.objects.get_or_create(pk=1)
    if row.reported_on == week:
        return
    alerts = Alert.objects.filter(started_at__gte=now - _WEEK)
    document: dict[str, Any] = {
        "alerts": alerts.count(),
        "acknowledged": alerts.exclude(acknowledged_by="").count(),
        "suppressed": alerts.exclude(suppressed="").count(),
        "incidents": alerts.values("incident").distinct().count(),
        "rules": [
            {"id": one.pk, "name": one.name, "fired": one.fired_7d, "noise": one.noise}
            for one in sorted(rules, key=lambda one: (-(one.noise or 0), -one.fired_7d))
            if one.fired_7d
        ],
        "never_fired": [one.name for one in rules if one.is_enabled and not one.fired_7d],
    }
    NoiseReport.objects.update_or_create(week=week, defaults={"made_at": now, "document": document})
    AlertingEngine.objects.filter(pk=1).update(reported_on=week)


def _week_of(now: datetime) -> date:
    today = now.date()
    return today - timedelta(days=today.weekday())
