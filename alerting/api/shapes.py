"""What the OpenAPI document says of the answers about alerting. They describe; nothing is parsed by them."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from alerting.api.forms import ChannelKindName, SeverityName
from alerting.models import Category, IncidentStatus
from alerting.types import Cause, Kind, Policy, State
from common.api.strict_requests import NULL_IS_REFUSED

SEVERITIES = [one.value for one in SeverityName]
POLICIES = [one.value for one in Policy]
_SPANS = ("for", "keep_firing_for", "fresh", "window", "short_window", "horizon", "period")


def _count(text: str = "", **more: Any) -> serializers.IntegerField:
    return serializers.IntegerField(help_text=text, **more)


def _text(text: str = "", **more: Any) -> serializers.CharField:
    return serializers.CharField(help_text=text, allow_blank=True, **more)


def _number(text: str = "", **more: Any) -> serializers.FloatField:
    return serializers.FloatField(help_text=text, **more)


def _moment(**more: Any) -> serializers.DateTimeField:
    return serializers.DateTimeField(**more)


class AlertingSwitched(serializers.Serializer[Any]):
    is_on = serializers.BooleanField()
    is_changed = serializers.BooleanField(help_text="False when it was so before.")


class Outbox(serializers.Serializer[Any]):
    waiting = _count("Messages that wait to be sent.")
    dead_24h = _count("Messages that were given up within a day.")
    oldest_s = _number("For how long the one that waits longest has been due.")


class NoisyRule(serializers.Serializer[Any]):
    id = _count()
    name = _text()
    noise = _number(allow_null=True)


class FiringCounts(serializers.Serializer[Any]):
    info = _count()
    warning = _count()
    critical = _count()
    emergency = _count()


class AlertingSummary(serializers.Serializer[Any]):
    is_on = serializers.BooleanField()
    evaluation_interval = _count("Seconds.")
    escalation_timeout = _count("Seconds after which the severity of an alert that nobody took rises.")
    evaluated_at = _moment(allow_null=True)
    rules = _count()
    enabled_rules = _count()
    firing = FiringCounts()
    open_incidents = _count()
    acknowledged_incidents = _count()
    alerts_24h = _count()
    active_silences = _count()
    mean_time_to_acknowledge_s = _number("Of the last week.", allow_null=True)
    noisiest = NoisyRule(many=True)
    outbox = Outbox()


class AlertingHealth(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ok", "late", "failing", "stopped"])
    evaluated_at = _moment(allow_null=True)
    late_s = _number("Since the last round.", allow_null=True)
    took_ms = _number("How long the last round took.", allow_null=True)
    rounds = _count()
    failed_rules = serializers.DictField(child=serializers.CharField(), help_text="By name, with the reason.")
    overdue_escalations = _count()
    outbox = Outbox()
    heartbeat_at = _moment(allow_null=True)
    heartbeat_problem = _text()


class Alert(serializers.Serializer[Any]):
    id = _count()
    rule_id = _count("Null when the rule was deleted.", allow_null=True)
    rule = _text()
    incident_id = _count(allow_null=True)
    metric_name = _text()
    labels = serializers.DictField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=[one.value for one in State])
    severity = serializers.ChoiceField(choices=SEVERITIES)
    value = _number(allow_null=True)
    reason = _text("Why it is in its state.")
    started_at = _moment()
    ended_at = _moment(allow_null=True)
    acknowledged_by = _text()
    acknowledged_at = _moment(allow_null=True)
    suppressed_by = _text("silence, inhibition, mute hours or active hours: what keeps it from being told.")
    verdict = _text("useful or noise, once somebody judged it.")


class Alerts(serializers.Serializer[Any]):
    items = Alert(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class TimelineLine(serializers.Serializer[Any]):
    id = _count()
    at = _moment()
    kind = _text()
    text = _text()
    actor = _text()
    alert_id = _count(allow_null=True)


class Incident(serializers.Serializer[Any]):
    id = _count()
    title = _text()
    status = serializers.ChoiceField(choices=IncidentStatus.values)
    severity = serializers.ChoiceField(choices=SEVERITIES)
    started_at = _moment()
    ended_at = _moment(allow_null=True)
    alerts = _count()
    firing = _count()
    cause_alert_id = _count("The alert that probably came first.", allow_null=True)
    cause_reason = _text()
    assignee = _text()
    acknowledged_by = _text()
    acknowledged_until = _moment(allow_null=True)


class Incidents(serializers.Serializer[Any]):
    items = Incident(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class IncidentDetail(Incident):
    items = Alert(many=True)
    timeline = TimelineLine(many=True)


class AcknowledgeAlert(serializers.Serializer[Any]):
    acknowledged_by = serializers.CharField(required=False, max_length=150, help_text="The caller, unless given.")
    limit_s = _count("60 to 604,800: when it runs out, calling begins again.", required=False)


class AssignIncident(serializers.Serializer[Any]):
    assignee = serializers.CharField(required=False, allow_blank=True, max_length=150, help_text="Empty gives it back.")


class CommentOnIncident(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=2_000)


class ResolveIncident(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, max_length=500)


class JudgeAlert(serializers.Serializer[Any]):
    verdict = serializers.ChoiceField(choices=["useful", "noise"])


class AlertRule(serializers.Serializer[Any]):
    id = _count()
    name = _text()
    description = _text()
    category = serializers.ChoiceField(choices=Category.values)
    metric_name = _text("A series or an expression over series.")
    condition = serializers.ChoiceField(choices=[one.value for one in Kind])
    threshold = serializers.JSONField(help_text="Of the mildest severity; a span of `absent` is a text.")
    severity = serializers.ChoiceField(choices=SEVERITIES, help_text="The mildest.")
    levels = serializers.DictField(child=serializers.JSONField(), help_text="A threshold for each severity.")
    notification_channels = serializers.ListField(child=serializers.CharField())
    escalation = _text("Name of a policy; empty for the default one.")
    enabled = serializers.BooleanField()
    owner = _text()
    runbook = _text()
    definition = serializers.DictField(child=serializers.JSONField(), help_text="All of the rule, as it may be sent.")
    firing = _count("Alerts of it that fire.")
    fired_7d = _count()
    noise = _number("Share of the week's alerts that ended by themselves within five minutes.", allow_null=True)
    updated_at = _moment()


class AlertRules(serializers.Serializer[Any]):
    items = AlertRule(many=True)
    next_cursor = serializers.CharField(allow_null=True)


@extend_schema_serializer(extensions=NULL_IS_REFUSED)
class NewAlertRule(serializers.Serializer[Any]):
    """What each member does is told in docs/alerting.md; a span is a number of seconds or a text such as "2m"."""

    name = serializers.CharField(max_length=80)
    description = serializers.CharField(required=False)
    metric_name = serializers.CharField(help_text="A series or an expression over series.")
    condition = serializers.ChoiceField(choices=[one.value for one in Kind], required=False, default="gt")
    threshold = serializers.JSONField(required=False)
    severity = serializers.ChoiceField(choices=SEVERITIES, required=False, default="warning")
    levels = serializers.DictField(child=serializers.JSONField(), required=False)
    notification_channels = serializers.ListField(child=serializers.CharField(), required=False)
    category = serializers.ChoiceField(choices=Category.values, required=False, default="system")
    escalation = serializers.CharField(required=False)
    enabled = serializers.BooleanField(required=False, default=True)
    by = serializers.ChoiceField(choices=["", "process", "route"], required=False)
    expression = serializers.CharField(required=False, help_text="The same as metric_name.")
    owner = serializers.CharField(required=False)
    runbook = serializers.CharField(required=False)
    low = serializers.FloatField(required=False, help_text="The low end of the condition outside.")
    probability = serializers.FloatField(required=False)
    objective = serializers.FloatField(required=False)
    periods = serializers.IntegerField(required=False, min_value=3, max_value=60)
    is_relative = serializers.BooleanField(required=False)
    is_downward = serializers.BooleanField(required=False)
    has_flap_guard = serializers.BooleanField(required=False)
    no_data = serializers.ChoiceField(choices=POLICIES, required=False)
    on_error = serializers.ChoiceField(choices=POLICIES, required=False)
    labels = serializers.DictField(child=serializers.CharField(), required=False)
    hours = serializers.ListField(child=serializers.JSONField(), required=False)

    def get_fields(self) -> dict[str, Any]:
        """With those whose name is a word of Python, or that are alike."""
        return super().get_fields() | {name: serializers.JSONField(required=False) for name in _SPANS}


@extend_schema_serializer(extensions=NULL_IS_REFUSED)
class ChangedAlertRule(NewAlertRule):
    id = _count()


class RuleDeleted(serializers.Serializer[Any]):
    id = _count()
    deleted = serializers.BooleanField()


class AlertChannel(serializers.Serializer[Any]):
    id = _count()
    name = _text()
    kind = serializers.ChoiceField(choices=[one.value for one in ChannelKindName])
    enabled = serializers.BooleanField()
    default = serializers.BooleanField(help_text="It is told what no rule and no route sends elsewhere.")
    sends_resolved = serializers.BooleanField()
    timeout = _number("Seconds.")
    retry_attempts = _count()
    config = serializers.DictField(child=serializers.JSONField(), help_text="Secrets are masked.")
    problem = _text("Of the last failure.")


class AlertChannels(serializers.Serializer[Any]):
    items = AlertChannel(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class NewAlertChannel(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=60)
    kind = serializers.ChoiceField(choices=[one.value for one in ChannelKindName])
    url = serializers.CharField(required=False, help_text="Of a webhook.")
    timeout = _number("Seconds.", required=False)
    retry_attempts = _count("0 to 10.", required=False)
    config = serializers.DictField(
        required=False, child=serializers.JSONField(), help_text="Other settings of the kind."
    )
    default = serializers.BooleanField(required=False, default=False)


class MadeAlertChannel(AlertChannel):
    secret = _text("What a webhook's messages are signed with; shown this once.", allow_null=True)


class TestAlert(serializers.Serializer[Any]):
    rule_id = _count()


class TestDelivery(serializers.Serializer[Any]):
    channel = _text()
    delivery_id = _count("Null when the channel is switched off.", allow_null=True)
    status = _text("waiting, until a worker has sent it.")


class TestAlertSent(serializers.Serializer[Any]):
    rule_id = _count()
    deliveries = TestDelivery(many=True)


class AlertDelivery(serializers.Serializer[Any]):
    id = _count()
    channel = _text()
    title = _text()
    status = _text("waiting, delivered, dead or expired.")
    attempts = _count()
    problem = _text()
    created_at = _moment()
    ended_at = _moment(allow_null=True)


class AlertDeliveries(serializers.Serializer[Any]):
    items = AlertDelivery(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class Silence(serializers.Serializer[Any]):
    id = _count()
    matchers = _text()
    starts_at = _moment()
    ends_at = _moment()
    author = _text()
    comment = _text()
    phase = serializers.ChoiceField(choices=["pending", "active", "expired"])


class Silences(serializers.Serializer[Any]):
    items = Silence(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class NewSilence(serializers.Serializer[Any]):
    matchers = serializers.CharField(max_length=2_000)
    starts_at = _moment(required=False)
    ends_at = _moment()
    comment = serializers.CharField(required=False, max_length=500)


class BacktestRule(serializers.Serializer[Any]):
    rule = NewAlertRule()
    days = _count("1 to 30.", required=False, default=7)


class Episode(serializers.Serializer[Any]):
    started_at = _moment()
    ended_at = _moment(allow_null=True)
    severity = serializers.ChoiceField(choices=SEVERITIES)
    cause = serializers.ChoiceField(
        choices=[Cause.BREACH.value, Cause.NO_DATA.value, Cause.ERROR.value],
        help_text="Why it would have fired: the condition held, or only for want of data or for an error.",
    )
    labels = serializers.DictField(child=serializers.CharField())


class RuleTrial(serializers.Serializer[Any]):
    sentence = _text()
    fired = _count()
    firing_s = _number()
    noise = _number(allow_null=True)
    start = _moment()
    end = _moment()
    step_s = _number("Between two evaluations.")
    episodes = Episode(many=True)
    times = serializers.ListField(child=serializers.IntegerField(), help_text="Seconds since the epoch.")
    values = serializers.ListField(child=serializers.FloatField(allow_null=True))
    levels = serializers.DictField(child=serializers.FloatField())


class TestRule(serializers.Serializer[Any]):
    rule = NewAlertRule()
    test = serializers.DictField(child=serializers.JSONField(), help_text="interval, series and checks.")


class RuleTested(serializers.Serializer[Any]):
    passed = serializers.BooleanField()
    failures = serializers.ListField(child=serializers.CharField())


class ThresholdProposal(serializers.Serializer[Any]):
    id = _count()
    rule_id = _count()
    rule = _text()
    severity = serializers.ChoiceField(choices=SEVERITIES)
    threshold = _number()
    proposed = _number()
    fired = _count("Alerts of the last two weeks.")
    would_fire = _count("With the proposed threshold.")
    reason = _text()
    status = serializers.ChoiceField(choices=["open", "accepted", "rejected"])
    made_at = _moment()


class ThresholdProposals(serializers.Serializer[Any]):
    items = ThresholdProposal(many=True)
    next_cursor = serializers.CharField(allow_null=True)


class DecideProposal(serializers.Serializer[Any]):
    accept = serializers.BooleanField()
