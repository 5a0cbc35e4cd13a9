"""What the OpenAPI document says of the answers about scaling. They describe; nothing is parsed by them."""

from typing import Any

from rest_framework import serializers

from monitoring.scaling.models import Actuator, Outcome


def _count(text: str = "", **more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(help_text=text, **more)


class ScalingSwitched(serializers.Serializer[Any]):
    is_on = serializers.BooleanField()
    is_changed = serializers.BooleanField(help_text="False when it was so before.")


class ScalingProposal(serializers.Serializer[Any]):
    policy = serializers.CharField()
    value = serializers.FloatField(allow_null=True, help_text="Null when the series is missing.")
    count = _count(allow_null=True)
    reason = serializers.CharField()


class ScalingClamp(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="window, rate, bounds, cooldown, turns or pause.")
    before = _count()
    after = _count()


class ScalingDecision(serializers.Serializer[Any]):
    id = _count()
    target = serializers.CharField()
    at = serializers.DateTimeField()
    before = _count("Instances that were counted.")
    count = _count("Instances to set.")
    wished = _count("Before windows, rates and guards.")
    policy = serializers.CharField(allow_blank=True)
    reason = serializers.CharField()
    inputs = serializers.DictField(child=serializers.FloatField(allow_null=True))
    proposals = ScalingProposal(many=True)
    clamps = ScalingClamp(many=True)
    forecast = _count("Instances that a forecast asks for.", allow_null=True)
    cost_cents_per_hour = _count("What the change costs.")
    outcome = serializers.ChoiceField(choices=Outcome.values)
    detail = serializers.CharField(allow_blank=True)
    effect = serializers.FloatField(
        allow_null=True, help_text="How the policy's series moved within two minutes; -0.25 is a quarter less."
    )


class ScalingOverride(serializers.Serializer[Any]):
    count = _count()
    until = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)


class ScalingTarget(serializers.Serializer[Any]):
    name = serializers.CharField()
    instances = _count("Null when nobody counted them lately.", allow_null=True)
    min_instances = _count()
    max_instances = _count()
    connections_cap = _count("The most that the database has connections for.", allow_null=True)
    actuator = serializers.ChoiceField(choices=Actuator.values)
    mode = serializers.ChoiceField(choices=["off", "forecast_only", "on"])
    pause = serializers.ChoiceField(choices=["none", "all", "in", "out"])
    pause_until = serializers.DateTimeField(allow_null=True, help_text="Null: until somebody ends it.")
    pause_reason = serializers.CharField(allow_blank=True)
    override = ScalingOverride(allow_null=True)
    cost_cents_per_hour = _count(allow_null=True)
    last_decision = ScalingDecision(allow_null=True)


class ScalingSummary(serializers.Serializer[Any]):
    is_on = serializers.BooleanField()
    changes_24h = _count("Changes that were carried out.")
    targets = ScalingTarget(many=True)


class ScalingPolicy(serializers.Serializer[Any]):
    name = serializers.CharField()
    target = serializers.CharField()
    metric_name = serializers.CharField()
    scale_up_threshold = serializers.FloatField()
    scale_down_threshold = serializers.FloatField()
    min_instances = _count()
    max_instances = _count()
    cooldown_period = _count("Seconds.")
    per_instance = serializers.BooleanField(help_text="The thresholds are for each instance's share.")
    target_value = serializers.FloatField(
        allow_null=True, help_text="With it the count follows the ratio of value and target; thresholds don't count."
    )


class NewScalingPolicy(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60)
    metric_name = serializers.CharField(max_length=64)
    scale_up_threshold = serializers.FloatField()
    scale_down_threshold = serializers.FloatField()
    min_instances = _count(required=False)
    max_instances = _count(required=False)
    cooldown_period = _count(required=False)
    target = serializers.CharField(required=False, default="web")
    per_instance = serializers.BooleanField(required=False, default=False)
    target_value = serializers.FloatField(required=False)


class ScalingPolicies(serializers.Serializer[Any]):
    items = ScalingPolicy(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class ScalingDecisions(serializers.Serializer[Any]):
    items = ScalingDecision(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class ScaleByHand(serializers.Serializer[Any]):
    target_instances = _count()
    reason = serializers.CharField(max_length=200)
    target = serializers.CharField(required=False, default="web")
    duration_s = _count(required=False, default=3600)


class ScalingRecommendation(serializers.Serializer[Any]):
    target = serializers.CharField()
    at = serializers.DateTimeField()
    action = serializers.CharField(help_text="add or remove.")
    instances = _count()
    recommended_instances = _count()
    reason = serializers.CharField()
    cost_cents_per_hour = _count()


class ScalingRecommendations(serializers.Serializer[Any]):
    items = ScalingRecommendation(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class PauseScaling(serializers.Serializer[Any]):
    pause = serializers.ChoiceField(choices=["none", "all", "in", "out"], help_text="Changes to withhold.")
    reason = serializers.CharField(max_length=200, required=False, help_text="Needed unless pause is none.")
    target = serializers.CharField(required=False, default="web")
    duration_s = _count(required=False, default=3600)


class ReleaseScaling(serializers.Serializer[Any]):
    target = serializers.CharField(required=False, default="web")


def _counts(text: str, **more: Any) -> serializers.ListField:
    return serializers.ListField(child=serializers.IntegerField(**more), help_text=text)


class ScalingTimeline(serializers.Serializer[Any]):
    start = serializers.DateTimeField(help_text="Of the first step.")
    step_s = _count()
    instances = _counts("The most that were counted in a step; null when nobody decided.", allow_null=True)
    wished = _counts("Before windows, rates and guards.", allow_null=True)
    forecast = _counts("What a forecast asked for.", allow_null=True)


class WhatIfAsked(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60, help_text="The policy to change.")
    scale_up_threshold = serializers.FloatField(required=False)
    scale_down_threshold = serializers.FloatField(required=False)
    target_value = serializers.FloatField(required=False)
    min_instances = _count("Of the target.", required=False)
    max_instances = _count("Of the target.", required=False)
    cooldown_period = _count("Of the target.", required=False)
    target = serializers.CharField(required=False, default="web")


class ScalingReason(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    before = _count()
    count = _count()
    reason = serializers.CharField(allow_blank=True)


class ReplayedDay(serializers.Serializer[Any]):
    instances = _counts("For each minute.")
    late_min = _count("Minutes with a series above its policy's upper limit as it is now, or a tenth above its target.")
    instance_hours = serializers.FloatField()
    changes = _count()
    turns = _count("Changes of direction.")
    cost_cents = serializers.FloatField()
    reasons = ScalingReason(many=True)


class ScalingWhatIf(serializers.Serializer[Any]):
    start = serializers.DateTimeField()
    step_s = _count()
    was = ReplayedDay(help_text="As it was measured.")
    now = ReplayedDay(help_text="By the policies as they are.")
    would = ReplayedDay(help_text="By the policies with the change.")
