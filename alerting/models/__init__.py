from alerting.models.engine import AlertingEngine, NoiseReport
from alerting.models.incident import Alert, EntryKind, Incident, IncidentStatus, TimelineEntry, Verdict
from alerting.models.routing import AlertGroup, AlertRoute, GroupMember, Inhibition, MuteTime, Silence, ToldLog
from alerting.models.rule import AlertRule, Category, RuleInstance, ThresholdProposal

__all__ = [
    "Alert",
    "AlertGroup",
    "AlertRoute",
    "AlertRule",
    "AlertingEngine",
    "Category",
    "EntryKind",
    "GroupMember",
    "Incident",
    "IncidentStatus",
    "Inhibition",
    "MuteTime",
    "NoiseReport",
    "RuleInstance",
    "Silence",
    "ThresholdProposal",
    "TimelineEntry",
    "ToldLog",
    "Verdict",
]
