"""What the OpenAPI document says of the answers about measurements. They describe; nothing is parsed by them."""

from typing import Any

from rest_framework import serializers

from monitoring.engine.cards import Direction, Verdict
from monitoring.engine.layout import By, PanelKind
from monitoring.engine.spans import SPANS
from monitoring.models import EventKind
from monitoring.types import Role, State


def _choice(choices: Any, **more: Any) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=[(choice.value, choice.name) for choice in choices], **more)


def _number(text: str = "", **more: Any) -> serializers.FloatField:
    return serializers.FloatField(allow_null=True, help_text=text, **more)


def _numbers(text: str = "") -> serializers.ListField:
    return serializers.ListField(child=serializers.FloatField(allow_null=True), help_text=text)


def _seconds() -> serializers.ListField:
    return serializers.ListField(child=serializers.IntegerField(), help_text="Epoch seconds; a gap has no value.")


def _values() -> serializers.DictField:
    return serializers.DictField(child=serializers.FloatField(allow_null=True), help_text="By name of the series.")


class MetricHealth(serializers.Serializer[Any]):
    score = _number("100 when nothing is past its warning, at most 40 with anything critical.")
    status = _choice(State)


class MetricSeries(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    unit = serializers.CharField()
    group = serializers.CharField()
    better = serializers.ChoiceField(choices=["low", "high"], allow_null=True)
    warn = _number("Where a warning begins.")
    critical = _number("Where it is critical.")
    decimals = serializers.IntegerField()
    help = serializers.CharField()
    value = _number("Null when nobody measured it.")
    status = _choice(State)


class MetricProcess(serializers.Serializer[Any]):
    process = serializers.CharField()
    role = _choice(Role)
    host = serializers.CharField()
    pid = serializers.IntegerField()
    started_at = serializers.DateTimeField()
    age_s = serializers.FloatField(help_text="Since it last told.")
    values = _values()


class CurrentMetrics(serializers.Serializer[Any]):
    seq = serializers.IntegerField(allow_null=True, help_text="The second (epoch) that was measured, as in the socket.")
    ts = serializers.DateTimeField(allow_null=True)
    source = serializers.ChoiceField(choices=["live", "store", "none"], help_text="store: Redis is away.")  # type: ignore[assignment]
    age_s = _number()
    health = MetricHealth()
    series = MetricSeries(many=True)
    processes = MetricProcess(many=True)


class ComparedLine(serializers.Serializer[Any]):
    values = _numbers("A week before, at the same positions as times.")


class HistoryLine(serializers.Serializer[Any]):
    name = serializers.CharField()
    dimension = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    unit = serializers.CharField()
    decimals = serializers.IntegerField()
    values = _numbers("The aggregate of each step; null where nothing was measured.")
    min = _numbers()
    max = _numbers()
    anomaly_count = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    compare = ComparedLine(required=False)


class MetricHistory(serializers.Serializer[Any]):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    step_s = serializers.IntegerField()
    resolution = serializers.ChoiceField(choices=["10s", "1m", "1h"])
    aggregate = serializers.CharField()
    dimension = serializers.CharField(allow_blank=True)
    by = serializers.CharField(allow_blank=True)
    times = _seconds()
    series = HistoryLine(many=True)


class BreakdownRow(serializers.Serializer[Any]):
    key = serializers.CharField()
    dimension = serializers.CharField()
    values = _values()


class MetricBreakdown(serializers.Serializer[Any]):
    by = serializers.ChoiceField(choices=["process", "route"])
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    rows = BreakdownRow(many=True)


class Marker(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    kind = serializers.ChoiceField(choices=EventKind.values)
    title = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)
    series = serializers.CharField(allow_blank=True, help_text="Empty: for all charts.")


class Markers(serializers.Serializer[Any]):
    items = Marker(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class NewMarker(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["deploy", "scaling"])
    title = serializers.CharField(max_length=120)
    detail = serializers.CharField(required=False, max_length=2000)
    series = serializers.CharField(required=False)
    key = serializers.CharField(required=False, help_text="Marked once, however often it is sent.")


class Marked(serializers.Serializer[Any]):
    is_new = serializers.BooleanField(help_text="False when the key was marked before.")


class MetricAlert(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    at = serializers.DateTimeField()
    severity = serializers.ChoiceField(choices=["info", "warning", "critical", "emergency"])
    title = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)
    series = serializers.CharField(allow_blank=True)
    state = serializers.CharField()


class MetricAlerts(serializers.Serializer[Any]):
    is_on = serializers.BooleanField(help_text="Whether rules are evaluated; without, the list is of marked alerts.")
    items = MetricAlert(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class CardTrend(serializers.Serializer[Any]):
    then = _number("Mean of five minutes an hour ago.")
    now = _number("Mean of the last five minutes.")
    change = _number()
    change_percent = _number()
    direction = _choice(Direction)
    verdict = _choice(Verdict)


class Sparkline(serializers.Serializer[Any]):
    times = _seconds()
    values = _numbers()


class SummaryCard(serializers.Serializer[Any]):
    series = serializers.CharField()
    title = serializers.CharField()
    unit = serializers.CharField()
    decimals = serializers.IntegerField()
    better = serializers.ChoiceField(choices=["low", "high"], allow_null=True)
    value = _number()
    status = _choice(State)
    trend = CardTrend()
    sparkline = Sparkline()


class SummaryInsight(serializers.Serializer[Any]):
    severity = serializers.ChoiceField(choices=["info", "warning", "critical"])
    title = serializers.CharField()
    detail = serializers.CharField()
    series = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField()


class SummaryInsights(serializers.Serializer[Any]):
    is_on = serializers.BooleanField()
    items = SummaryInsight(many=True)


class SummaryAlerts(serializers.Serializer[Any]):
    is_on = serializers.BooleanField()
    items = MetricAlert(many=True)


class DashboardSummary(serializers.Serializer[Any]):
    ts = serializers.DateTimeField()
    source = serializers.ChoiceField(choices=["live", "store", "none"])  # type: ignore[assignment]
    health = MetricHealth()
    headline = serializers.CharField()
    cards = SummaryCard(many=True)
    insights = SummaryInsights()
    alerts = SummaryAlerts()


class DashboardPanel(serializers.Serializer[Any]):
    series = serializers.ListField(child=serializers.CharField(), min_length=1, max_length=6)
    dimension = serializers.CharField(required=False, allow_blank=True)
    by = serializers.ChoiceField(choices=[by.value for by in By], required=False)
    kind = _choice(PanelKind, required=False)
    title = serializers.CharField(required=False, allow_blank=True, max_length=80)
    width = serializers.IntegerField(required=False, min_value=1, max_value=4, help_text="Columns of four.")


class SavedDashboard(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    range = serializers.ChoiceField(choices=list(SPANS))
    layout = DashboardPanel(many=True)
    is_own = serializers.BooleanField()
    owner = serializers.CharField()
    share_path = serializers.CharField(allow_null=True, help_text="Null while it isn't shared.")
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class SavedDashboards(serializers.Serializer[Any]):
    items = SavedDashboard(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class NewDashboard(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    range = serializers.ChoiceField(choices=list(SPANS), required=False)
    layout = DashboardPanel(many=True)


class SiteHealth(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ok", "degraded", "down"])
    version = serializers.CharField()
    at = serializers.DateTimeField()
    parts = serializers.DictField(child=serializers.CharField(), help_text="State of each part.")
    ages = serializers.DictField(
        child=serializers.FloatField(allow_null=True),
        required=False,
        help_text="For staff: seconds since each part last told.",
    )
    processes = MetricProcess(many=True, required=False)
