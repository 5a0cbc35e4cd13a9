from alerting.models.channel import Channel, ChannelKind, Contact
from alerting.models.delivery import ENDPOINT_SOURCE, Delivery, DeliveryAttempt, DeliveryStatus, ThreadMark
from alerting.models.engine import AlertingEngine, NoiseReport
from alerting.models.incident import Alert, EntryKind, Incident, IncidentStatus, TimelineEntry, Verdict
from alerting.models.notification import NoticeCursor, NoticeKind, Notification, NotificationPreference, Watch
from alerting.models.routing import AlertGroup, AlertRoute, GroupMember, Inhibition, MuteTime, Silence, ToldLog
from alerting.models.rule import AlertRule, Category, RuleInstance, ThresholdProposal
from alerting.models.schedule import EscalationPlan, EscalationRun, OnCallOverride, OnCallSchedule
from alerting.models.subscription import Digest, DigestPace, SubjectKind, Subscription
from alerting.models.webhook import SwitchedOff, WebhookCursor, WebhookEndpoint, WebhookReplay

__all__ = [
    "ENDPOINT_SOURCE",
    "Alert",
    "AlertGroup",
    "AlertRoute",
    "AlertRule",
    "AlertingEngine",
    "Category",
    "Channel",
    "ChannelKind",
    "Contact",
    "Delivery",
    "DeliveryAttempt",
    "DeliveryStatus",
    "Digest",
    "DigestPace",
    "EntryKind",
    "EscalationPlan",
    "EscalationRun",
    "GroupMember",
    "Incident",
    "IncidentStatus",
    "Inhibition",
    "MuteTime",
    "NoiseReport",
    "NoticeCursor",
    "NoticeKind",
    "Notification",
    "NotificationPreference",
    "OnCallOverride",
    "OnCallSchedule",
    "RuleInstance",
    "Silence",
    "SubjectKind",
    "Subscription",
    "SwitchedOff",
    "ThreadMark",
    "ThresholdProposal",
    "TimelineEntry",
    "ToldLog",
    "Verdict",
    "Watch",
    "WebhookCursor",
    "WebhookEndpoint",
    "WebhookReplay",
]
