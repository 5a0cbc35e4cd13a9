"""What the OpenAPI document says of the answers about the optimizer. They describe; nothing is parsed by them."""

from typing import Any

from rest_framework import serializers

from common.tuning.declared import Subsystem
from monitoring.optimizer.types import Act, Status, Strategy


def _count(text: str = "", **more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(help_text=text, **more)


def _number(text: str = "", **more: Any) -> serializers.FloatField:
    return serializers.FloatField(help_text=text, **more)


def _values(kind: Any) -> list[str]:
    return [one.value for one in kind]


class OptimizerSwitched(serializers.Serializer[Any]):
    is_on = serializers.BooleanField()
    is_changed = serializers.BooleanField(help_text="False when it was so before.")


class OptimizerAction(serializers.Serializer[Any]):
    act = serializers.ChoiceField(choices=_values(Act))
    target = serializers.CharField(allow_blank=True, help_text="A setting, a table or an index.")
    value = _number(allow_null=True)
    details = serializers.DictField()


class ExpectedEffect(serializers.Serializer[Any]):
    metric = serializers.CharField()
    change = _number("A share: -0.3 is 30 % less.")
    low = _number()
    high = _number()
    more_is_better = serializers.BooleanField()


class MeasuredEffect(serializers.Serializer[Any]):
    change = _number("A share at the same load; above zero is for the worse.")
    low = _number(allow_null=True)
    high = _number(allow_null=True)
    pairs = _count("Moments that were compared.")


class OptimizerRecommendation(serializers.Serializer[Any]):
    id = _count()
    rule = serializers.CharField()
    subject = serializers.CharField()
    optimization_type = serializers.ChoiceField(choices=_values(Subsystem))
    title = serializers.CharField()
    why = serializers.CharField()
    priority = _count("1 to 100.")
    confidence = _number("Learned from what became of the rule's changes.")
    risk = serializers.CharField(help_text="low, medium or high.")
    reversible = serializers.BooleanField()
    action = OptimizerAction()
    evidence = serializers.DictField()
    evidence_query = serializers.CharField(allow_blank=True, help_text="What shows the same to anybody.")
    expected_effect = ExpectedEffect()
    blast_radius = serializers.CharField()
    undo = serializers.CharField()
    status = serializers.ChoiceField(choices=_values(Status))
    reason = serializers.CharField(allow_blank=True)
    strategy = serializers.ChoiceField(choices=_values(Strategy))
    created_at = serializers.DateTimeField()
    decided_by = serializers.CharField(allow_null=True, help_text="Null when nobody was asked.")
    applied_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    before = serializers.DictField(help_text="What was in force before; null is the program's own.")
    measured_effect = MeasuredEffect(allow_null=True)


class OptimizerRecommendations(serializers.Serializer[Any]):
    items = OptimizerRecommendation(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class OptimizerSetting(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = _number()
    changed_at = serializers.DateTimeField()
    changed_by = serializers.CharField(allow_null=True)
    recommendation = _count(allow_null=True)


class OptimizerCycle(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    milliseconds = _number()
    found = _count()
    new = _count()
    applied = _count()
    frozen = serializers.CharField(allow_blank=True, help_text="Why nothing was done by itself.")
    score = _count()
    strategy = serializers.ChoiceField(choices=_values(Strategy))


class OptimizerStrategy(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="aggressive, balanced or conservative.")
    cache_cleanup_s = _count()
    collect_above_percent = _number()
    optimize_every_s = _count()
    observe_s = _count("A change is watched at most as long.")
    automatic = serializers.ListField(child=serializers.CharField(), help_text="Acts that need nobody's consent.")
    builds_indexes = serializers.BooleanField()


class OptimizerStanding(serializers.Serializer[Any]):
    score = _count("0 to 100; null before the first look.", allow_null=True)
    optimized_at = serializers.DateTimeField(allow_null=True)
    open = _count()
    watched = _count()
    kept = _count()
    reverted = _count()
    inconclusive = _count()


class OptimizerSummary(serializers.Serializer[Any]):
    is_monitoring = serializers.BooleanField()
    is_optimizing = serializers.BooleanField()
    strategy = OptimizerStrategy()
    standing = OptimizerStanding()
    settings = OptimizerSetting(many=True)
    cycles = OptimizerCycle(many=True)


class OptimizerCalibrationBin(serializers.Serializer[Any]):
    promised = _number()
    came = _number()
    count = _count()


class OptimizerCalibration(serializers.Serializer[Any]):
    brier = _number("0 is perfect, 0.25 a coin; null before the first change was judged.", allow_null=True)
    sign_correct = _number("Share of changes that went the way that was expected.", allow_null=True)
    changes = _count()
    bins = OptimizerCalibrationBin(many=True)


class OptimizerStatus(serializers.Serializer[Any]):
    is_monitoring = serializers.BooleanField()
    is_optimizing = serializers.BooleanField()
    strategy = OptimizerStrategy()
    standing = OptimizerStanding()
    calibration = OptimizerCalibration()
    frozen = serializers.CharField(allow_blank=True, help_text="The incident in which nothing is done by itself.")


class OptimizerMetric(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    value = _number(allow_null=True)
    state = serializers.CharField(help_text="good, warning, critical or unknown.")
    baseline = _number("What is usual at this hour of the day.", allow_null=True)
    spread = _number(allow_null=True)


class OptimizerMetrics(serializers.Serializer[Any]):
    items = OptimizerMetric(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class BetterForecast(serializers.Serializer[Any]):
    model = serializers.CharField()
    value = _number()
    low = _number()
    high = _number()
    skill = _number()


class OptimizerPrediction(serializers.Serializer[Any]):
    name = serializers.CharField()
    title = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    minutes_ahead = _count()
    now = _number("On the line.")
    linear = _number("Where a straight line through the last hour will be.")
    slope_per_minute = _number()
    confidence = _number("R2: the share of the variance that the line explains.")
    points = _count()
    forecast = BetterForecast(allow_null=True, help_text="What the forecasting system says, if it is better.")


class OptimizerPredictions(serializers.Serializer[Any]):
    items = OptimizerPrediction(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class OptimizerHealth(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ok", "late", "off"])
    optimized_at = serializers.DateTimeField(allow_null=True)
    due_s = _count("Seconds between two optimisations.")
    can_change_tables = serializers.BooleanField()
    has_statements = serializers.BooleanField(help_text="PostgreSQL counts statements (pg_stat_statements).")
    frozen = serializers.CharField(allow_blank=True)


class TriggerParameters(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField(required=False, default=False)
    setting = serializers.CharField(required=False)
    value = _number(required=False)


class TriggerOptimization(serializers.Serializer[Any]):
    optimization_type = serializers.ChoiceField(choices=_values(Subsystem))
    parameters = TriggerParameters(required=False)


class OptimizationTriggered(serializers.Serializer[Any]):
    found = _count()
    applied = _count()
    milliseconds = _number()
    round = serializers.CharField(allow_blank=True, help_text="What every process does once, at once.")
    recommendation = OptimizerRecommendation(allow_null=True, help_text="The setting that was changed by hand.")


class OptimizerReason(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, max_length=200)
