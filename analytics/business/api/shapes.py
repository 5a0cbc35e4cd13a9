"""What the OpenAPI document says of business figures. They describe; nothing is parsed by them."""

from typing import Any

from rest_framework import serializers

from analytics.business.types import Grain, Owner, Unit


def _text(text: str = "", **more: Any) -> serializers.CharField:
    return serializers.CharField(help_text=text, **more)


def _number(text: str = "", **more: Any) -> serializers.FloatField:
    return serializers.FloatField(help_text=text, **more)


def _whole(text: str = "", **more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(help_text=text, **more)


def _value(text: str = "") -> serializers.JSONField:
    return serializers.JSONField(help_text=text or "Decimal string of credits or shares, number, or null.")


def _unit() -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=[one.value for one in Unit])


class BusinessMetric(serializers.Serializer[Any]):
    name = _text()
    title = _text()
    formula = _text("What it is, to recompute it by.")
    unit = _unit()
    grain = serializers.ChoiceField(choices=[one.value for one in Grain], help_text="The finest there is.")
    owner = serializers.ChoiceField(choices=[one.value for one in Owner], help_text="Who answers for it.")
    source = _text("The rollups that hold it.")  # type: ignore[assignment]
    dimensions = serializers.ListField(child=serializers.CharField())


class BusinessMetrics(serializers.Serializer[Any]):
    items = BusinessMetric(many=True)
    next_cursor = _text("Always null; all fit one page.", allow_null=True)


class MetricValue(serializers.Serializer[Any]):
    start = serializers.DateField(help_text="First day of the period.")
    dimensions = serializers.DictField(child=serializers.CharField())
    value = _value()


class MetricValues(serializers.Serializer[Any]):
    metric = BusinessMetric()
    items = MetricValue(many=True)
    next_cursor = _text("Always null; ask for a shorter range.", allow_null=True)


class KeyFigure(serializers.Serializer[Any]):
    metric = _text()
    title = _text()
    unit = _unit()
    value = _value("Over the range.")
    before = _value("Over as many days before.")
    change = _number("Part of before; null where that says nothing.", allow_null=True)
    days = serializers.ListField(child=serializers.JSONField(), help_text="Each day, oldest first.")


class LinePoint(serializers.Serializer[Any]):
    start = serializers.DateField()
    value = _value()


class BusinessLine(serializers.Serializer[Any]):
    metric = _text()
    title = _text()
    unit = _unit()
    points = LinePoint(many=True)


class PopularMarket(serializers.Serializer[Any]):
    market_id = _whole()
    slug = _text()
    question = _text()
    topic = _text()
    status = _text()
    trades = _whole()
    volume = _text()
    traders = _whole("Different people.")


class TradingPeaks(serializers.Serializer[Any]):
    weekday = _text("The busiest; null without trades.", allow_null=True)
    hour_utc = _whole("The busiest hour of all days.", allow_null=True)
    trades_by_hour = serializers.DictField(
        child=serializers.ListField(child=serializers.IntegerField()), help_text="24 hours of each weekday."
    )


class TraderSegment(serializers.Serializer[Any]):
    group = _text("kind, since, size, topic; of patterns style, breadth, often.")
    name = _text()
    title = _text()
    traders = _whole()
    volume = _text("A trade counts for its taker and for its maker.")
    fees = _text()
    part = _number("Of the group.")


class RetentionCohort(serializers.Serializer[Any]):
    start = serializers.DateField()
    size = _whole()
    cells = serializers.ListField(
        child=serializers.FloatField(allow_null=True), help_text="Null: that week isn't over."
    )


class Retention(serializers.Serializer[Any]):
    cohort_by = serializers.ChoiceField(choices=["joined", "first_order"])
    return_event = serializers.ChoiceField(choices=["order", "fill"])
    grain = serializers.ChoiceField(choices=[one.value for one in Grain])
    cohorts = RetentionCohort(many=True)
    mean = serializers.ListField(child=serializers.FloatField(allow_null=True))


class LifecycleWeek(serializers.Serializer[Any]):
    start = serializers.DateField()
    active = _whole("new + returning + resurrecting")
    new = _whole()
    returning = _whole()
    resurrecting = _whole()
    dormant = _whole("Null while the week isn't over.", allow_null=True)


class FunnelStep(serializers.Serializer[Any]):
    name = _text()
    title = _text()
    count = _whole()
    of = _whole("Who could have come this far.")
    part = _number(allow_null=True)


class CalibrationBin(serializers.Serializer[Any]):
    low = _number()
    high = _number()
    count = _whole()
    forecast = _number(allow_null=True)
    happened = _number(allow_null=True)


class MarketCalibration(serializers.Serializer[Any]):
    bins = CalibrationBin(many=True)
    error = _number("Mean distance, by count.", allow_null=True)
    outcomes = _whole()


class Ratings(serializers.Serializer[Any]):
    is_available = serializers.BooleanField()
    reason = _text()


class BusinessRange(serializers.Serializer[Any]):
    range = _text()
    start = serializers.DateField()
    end = serializers.DateField(help_text="The day after the last.")


class KpiSummary(BusinessRange):
    items = KeyFigure(many=True)


class MarketAnalytics(BusinessRange):
    grain = serializers.ChoiceField(choices=[one.value for one in Grain])
    growth = BusinessLine(many=True)
    engagement = BusinessLine(many=True)
    market_quality = BusinessLine(many=True)
    calibration = MarketCalibration()
    retention = Retention()
    lifecycle = LifecycleWeek(many=True)
    funnel = FunnelStep(many=True)
    peaks = TradingPeaks()
    popular = PopularMarket(many=True)
    segments = TraderSegment(many=True)
    patterns = TraderSegment(many=True)
    ratings = Ratings()


class RevenueLine(serializers.Serializer[Any]):
    metric = _text()
    title = _text()
    amount = _text("Credits; below zero where it lessens revenue.")


class TopicRevenue(serializers.Serializer[Any]):
    topic = _text()
    amount = _text()


class ReconciliationLine(serializers.Serializer[Any]):
    account = _text()
    title = _text()
    ledger = _text()
    rollups = _text()
    difference = _text()


class LedgerReconciliation(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    difference = _text("Credits; 0 unless something is very wrong.")
    lines = ReconciliationLine(many=True)


class DailyForecast(serializers.Serializer[Any]):
    days_ahead = _whole("After yesterday, the last whole day: 1 is today.")
    value = _value()
    interval_80 = serializers.ListField(child=serializers.JSONField())
    interval_95 = serializers.ListField(child=serializers.JSONField())
    model = _text()
    skill = _number("Against the last value: 1 - error / its error.")
    seasonal_skill = _number("Against the same weekday of the week before.", allow_null=True)
    tries = _whole()
    is_hidden = serializers.BooleanField(help_text="The last value says as much.")


class BusinessOutlook(serializers.Serializer[Any]):
    metric = _text()
    title = _text()
    unit = _unit()
    days = _whole("Whole days it rests on.")
    daily = DailyForecast(many=True)
    next_seven_days = DailyForecast(allow_null=True)
    reason = _text("Why there is no forecast.", allow_null=True)


class BusinessInsight(serializers.Serializer[Any]):
    metric = _text()
    text = _text()
    before = _value("Mean of a day.")
    now = _value()
    t = _number("Standard errors between them.")
    link = _text("The rows behind it.")


class RevenueAnalytics(BusinessRange):
    grain = serializers.ChoiceField(choices=[one.value for one in Grain])
    net = _text()
    fee_yield = _number(allow_null=True)
    unexplained = _text("Net less its sources: 0 unless rollups and ledger disagree.")
    sources = RevenueLine(many=True)
    flows = RevenueLine(many=True)
    by_topic = TopicRevenue(many=True)
    lines = BusinessLine(many=True)
    forecast = BusinessOutlook()
    reconciliation = LedgerReconciliation(allow_null=True)


class PredictiveInsights(BusinessRange):
    items = BusinessOutlook(many=True)
    insights = BusinessInsight(many=True)


class BusinessDashboard(KpiSummary):
    insights = BusinessInsight(many=True)
    popular = PopularMarket(many=True)
    peaks = TradingPeaks()
    reconciliation = LedgerReconciliation(allow_null=True)


class MarketRecommendation(serializers.Serializer[Any]):
    market_id = _whole()
    slug = _text()
    question = _text()
    topic = _text()
    score = _number()
    reasons = serializers.ListField(child=serializers.CharField())


class MarketRecommendations(serializers.Serializer[Any]):
    items = MarketRecommendation(many=True)
    next_cursor = _text("Always null.", allow_null=True)
