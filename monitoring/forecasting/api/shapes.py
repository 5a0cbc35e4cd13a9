"""What the OpenAPI document says of the answers of analytics. They describe; nothing is parsed by them."""

from typing import Any

from rest_framework import serializers

from monitoring.forecasting.models import Verdict


def _number(text: str = "", **more: Any) -> serializers.FloatField:
    return serializers.FloatField(help_text=text, **more)


def _pair(text: str) -> serializers.ListField:
    return serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2, help_text=text)


class AnalyticsSwitched(serializers.Serializer[Any]):
    is_on = serializers.BooleanField()
    has_changed = serializers.BooleanField(help_text="False: it was so before.")


class UnusualMetric(serializers.Serializer[Any]):
    metric_name = serializers.CharField()
    count = serializers.IntegerField()


class AnalyticsSummary(serializers.Serializer[Any]):
    is_on = serializers.BooleanField()
    watched_at = serializers.DateTimeField(allow_null=True, help_text="The last look at new minutes.")
    forecast_at = serializers.DateTimeField(allow_null=True)
    series = serializers.IntegerField(help_text="How many are watched.")
    stuck = serializers.ListField(
        child=serializers.CharField(), help_text="Unusual for so long that nothing is reported of them."
    )
    anomalies_24h = serializers.IntegerField()
    predictions = serializers.IntegerField()
    predictions_shown = serializers.IntegerField(help_text="Those with skill.")
    most_unusual = UnusualMetric(many=True)


class MetricPrediction(serializers.Serializer[Any]):
    metric_name = serializers.CharField()
    unit = serializers.CharField()
    horizon_min = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    for_at = serializers.DateTimeField()
    value = _number("Expected mean of five minutes.")
    interval_80 = _pair("Low and high between which it should be four times in five.")
    interval_95 = _pair("The same, 19 times in 20.")
    model = serializers.CharField(help_text="The one that did best on the older half of the tries.")
    skill = _number("1 - error / naive_error. Below 0.05 the last value says as much.")
    seasonal_skill = _number("The same against the value of a day before; null before two days.", allow_null=True)
    error = _number("Mean absolute error on the newer half of the tries.")
    naive_error = _number("That of the last value.")
    trend_r2 = _number("Share of the recent variance that a straight line explains.")
    tries = serializers.IntegerField(help_text="Origins in the past that the errors come from.")
    is_hidden = serializers.BooleanField(help_text="It has no skill; told only with hidden=yes.")


class MetricPredictions(serializers.Serializer[Any]):
    items = MetricPrediction(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="Always null; all fit one page.")


class MetricAnomaly(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    metric_name = serializers.CharField()
    at = serializers.DateTimeField(help_text="The first minute.")
    lasted_min = serializers.IntegerField(help_text="So many minutes were unusual, with breaks of five at most.")
    value = _number()
    expected = _number()
    severity = _number("At least threshold; about 1.8 decades of rarity a unit.")
    threshold = _number("ANALYTICS_ANOMALY_THRESHOLD, more for a series that was judged normal.")
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    judged_at = serializers.DateTimeField(allow_null=True)


class MetricAnomalies(serializers.Serializer[Any]):
    items = MetricAnomaly(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="Always null; ask for a shorter range.")


class RelatedMetric(serializers.Serializer[Any]):
    series = serializers.CharField()
    correlation = _number("Within the hour before, -1 to 1.")


class NearEvent(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    kind = serializers.CharField()
    title = serializers.CharField()


class InsightEvidence(serializers.Serializer[Any]):
    start = serializers.DateTimeField(help_text="Of values.")
    step_s = serializers.IntegerField()
    values = serializers.ListField(child=serializers.FloatField(allow_null=True), help_text="The hour before.")
    moved_with = RelatedMetric(many=True)
    events = NearEvent(many=True)


class MetricInsight(serializers.Serializer[Any]):
    title = serializers.CharField()
    advice = serializers.CharField()
    anomaly = MetricAnomaly()
    evidence = InsightEvidence()


class MetricInsights(serializers.Serializer[Any]):
    items = MetricInsight(many=True)
    next_cursor = serializers.CharField(allow_null=True, help_text="Always null; ask for a shorter range.")


class VerdictRequest(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=Verdict.choices, help_text="normal: not an anomaly.")


class DataPointRequest(serializers.Serializer[Any]):
    metric_name = serializers.CharField(max_length=59)
    value = _number()
    metadata = serializers.DictField(
        required=False, help_text='At most 20 short texts or numbers; {"kind": "counter"} for a number that only grows.'
    )
    timestamp = serializers.DateTimeField(required=False, help_text="Up to 24 hours late; now unless told.")


class DataPointTaken(serializers.Serializer[Any]):
    metric_name = serializers.CharField(help_text="With sent: before it when the site has a series of that name.")
    at = serializers.DateTimeField()
