"""The OpenAPI text of each operation, with examples that a test executes."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema

from alerting.api import shapes
from common.api.shapes import KEY_AUTH, page_parameters, path, problems, query, whole

Handler = Callable[..., HttpResponse]
Describe = Callable[[Handler], Handler]
_TAGS: Final = ["intelligent-alerting"]
_READ: Final = "For staff who watch the site (analyst, operator, admin); a key needs the scope `read`."
_ACT: Final = "For operators; a key needs the scope `operate`. It is kept in the audit trail."
_EMPTY: Final[Any] = {"application/json": {"type": "object", "maxProperties": 0}}
_RULE: Final = {
    "name": "Checkout errors",
    "description": "More requests fail than in an ordinary week.",
    "metric_name": "error_rate",
    "condition": "gt",
    "threshold": 2,
    "severity": "warning",
    "for": "2m",
    "notification_channels": ["in-app"],
    "category": "business",
}
_INCIDENT: Final = path("incident_id", "Id of an incident.", "41", OpenApiTypes.INT)
_ALERT: Final = path("alert_id", "Id of an alert.", "51", OpenApiTypes.INT)
_RULE_ID: Final = path("rule_id", "Id of a rule.", "61", OpenApiTypes.INT)
_SILENCE: Final = path("silence_id", "Id of a silence.", "71", OpenApiTypes.INT)
_PROPOSAL: Final = path("proposal_id", "Id of a proposal.", "81", OpenApiTypes.INT)


def _request(name: str, value: dict[str, Any]) -> OpenApiExample:
    return OpenApiExample(name, value, summary=name, request_only=True)


def _reading(
    operation_id: str, summary: str, text: str, shape: Any, *parameters: Any, missing: bool = False
) -> Describe:
    return extend_schema(
        operation_id=operation_id,
        tags=_TAGS,
        summary=summary,
        description=f"{text} {_READ}",
        auth=KEY_AUTH,
        parameters=list(parameters),
        responses={200: shape, **problems(400, 401, 403, *([404] if missing else []))},
    )


def _acting(
    operation_id: str,
    summary: str,
    text: str,
    shape: Any,
    *parameters: Any,
    body: Any = _EMPTY,
    example: dict[str, Any] | None = None,
    status: int = 200,
) -> Describe:
    return extend_schema(
        operation_id=operation_id,
        tags=_TAGS,
        summary=summary,
        description=f"{text} {_ACT}",
        auth=KEY_AUTH,
        parameters=list(parameters),
        request=body,
        examples=[_request(summary.lower(), example or {})],
        responses={status: shape, **problems(400, 401, 403, 404, 409, 415)},
    )


start_alerting = _acting(
    "startAlerting", "Start alerting", "Rules are looked at from now on, through restarts; twice changes nothing.",
    shapes.AlertingSwitched,
)  # fmt: skip
stop_alerting = _acting(
    "stopAlerting", "Stop alerting", "No rule is looked at and no alert is told until it is started again.",
    shapes.AlertingSwitched,
)  # fmt: skip
get_summary = _reading(
    "getAlertingSummary", "Read how alerting stands", "What fires, what is open, how much is noise.",
    shapes.AlertingSummary,
)  # fmt: skip
get_health = _reading(
    "getAlertingHealth", "Read whether alerting works",
    "`late` when rules haven't been looked at for three intervals, `failing` when some can't be, or calls are overdue.",
    shapes.AlertingHealth,
)  # fmt: skip
list_alerts = _reading(
    "listAlerts", "List alerts", "Times of firing, the newest first.", shapes.Alerts,
    query("state", "firing, or all."), query("severity", "The least one."),
    whole("rule_id", "Only of this rule.", high=2**53), *page_parameters(),
)  # fmt: skip
acknowledge_alert = _acting(
    "acknowledgeAlert", "Acknowledge an alert",
    "Takes the alert and its incident: nobody else is called until `limit_s` is over, if it is given.",
    shapes.Alert, _ALERT, body=shapes.AcknowledgeAlert, example={"acknowledged_by": "dave", "limit_s": 3600},
)  # fmt: skip
judge_alert = _acting(
    "judgeAlert", "Judge an alert", "Whether it was worth telling; noise scores and proposed thresholds follow it.",
    shapes.Alert, _ALERT, body=shapes.JudgeAlert, example={"verdict": "noise"},
)  # fmt: skip
list_incidents = _reading(
    "listIncidents", "List incidents", "Alerts that belong together, the newest first.", shapes.Incidents,
    query("status", "active (not resolved), open, acknowledged, resolved or all."), *page_parameters(),
)  # fmt: skip
get_incident = _reading(
    "getIncident", "Read an incident", "With its alerts and its timeline.", shapes.IncidentDetail, _INCIDENT,
    missing=True,
)  # fmt: skip
acknowledge_incident = _acting(
    "acknowledgeIncident", "Acknowledge an incident", "Nobody else is called until `limit_s` is over, if it is given.",
    shapes.IncidentDetail, _INCIDENT, body=shapes.AcknowledgeAlert, example={"limit_s": 1800},
)  # fmt: skip
assign_incident = _acting(
    "assignIncident", "Assign an incident", "Names who works on it.", shapes.IncidentDetail, _INCIDENT,
    body=shapes.AssignIncident, example={"assignee": "dave"},
)  # fmt: skip
comment_incident = _acting(
    "commentOnIncident", "Comment on an incident", "Adds a line to its timeline.", shapes.IncidentDetail, _INCIDENT,
    body=shapes.CommentOnIncident, example={"text": "A report was running; it is over now."},
)  # fmt: skip
resolve_incident = _acting(
    "resolveIncident", "Resolve an incident",
    "Ends its alerts by hand. What still holds begins anew when it gets worse, or after it has ended.",
    shapes.IncidentDetail, _INCIDENT, body=shapes.ResolveIncident, example={"reason": "The report is over."},
)  # fmt: skip
list_rules = _reading("listAlertRules", "List the rules", "In the order of their names.", shapes.AlertRules)
get_rule = _reading(
    "getAlertRule", "Read a rule", "With its whole definition.", shapes.AlertRule, _RULE_ID, missing=True
)
create_rule = _acting(
    "createAlertRule", "Make a rule", "It is looked at from the next round on. See docs/alerting.md for all members.",
    shapes.AlertRule, body=shapes.NewAlertRule, example=_RULE, status=201,
)  # fmt: skip
update_rule_by_body = _acting(
    "replaceAlertRule", "Replace a rule named in the body",
    "What fires ends when the rule watches something else from now on.",
    shapes.AlertRule, body=shapes.ChangedAlertRule, example={"id": 61, **_RULE},
)  # fmt: skip
update_rule = _acting(
    "updateAlertRule", "Replace a rule", "What fires ends when the rule watches something else from now on.",
    shapes.AlertRule, _RULE_ID, body=shapes.NewAlertRule, example=_RULE,
)  # fmt: skip
_DELETED: Final = {200: shapes.RuleDeleted, **problems(400, 401, 403, 404)}
delete_rule_by_query = extend_schema(
    operation_id="deleteAlertRuleById", tags=_TAGS, summary="Delete a rule named in the query",
    description=f"What fires ends; alerts of the past stay. {_ACT}", auth=KEY_AUTH, request=None,
    parameters=[
        whole("id", "Id of the rule.", high=2**53, required=True, examples=[OpenApiExample("rule", "61")])
    ],
    responses=_DELETED,
)  # fmt: skip
delete_rule = extend_schema(
    operation_id="deleteAlertRule", tags=_TAGS, summary="Delete a rule",
    description=f"What fires ends; alerts of the past stay. {_ACT}", auth=KEY_AUTH, request=None,
    parameters=[_RULE_ID], responses=_DELETED,
)  # fmt: skip
backtest_rule = extend_schema(
    operation_id="backtestAlertRule", tags=_TAGS, summary="Try a rule on the past",
    description=f"Runs the rule over stored history: how often it would have fired. Nothing is kept. {_READ}",
    auth=KEY_AUTH, request=shapes.BacktestRule,
    examples=[_request("a week", {"rule": _RULE, "days": 1})],
    responses={200: shapes.RuleTrial, **problems(400, 401, 403, 415)},
)  # fmt: skip
test_rule = extend_schema(
    operation_id="testAlertRule", tags=_TAGS, summary="Test a rule on made-up series",
    description=f"Says in a sentence what doesn't hold. Nothing is kept. {_READ}",
    auth=KEY_AUTH, request=shapes.TestRule,
    examples=[
        _request(
            "a test",
            {
                "rule": _RULE,
                "test": {
                    "interval": "1m",
                    "series": {"error_rate": "0x5 4x10"},
                    "checks": [{"at": "4m", "alerts": []}, {"at": "8m", "alerts": [{"state": "alerting"}]}],
                },
            },
        )
    ],
    responses={200: shapes.RuleTested, **problems(400, 401, 403, 415)},
)  # fmt: skip
list_channels = _reading("listAlertChannels", "List the channels", "Secrets are masked.", shapes.AlertChannels)
create_channel = _acting(
    "createAlertChannel", "Make a channel",
    "The settings are encrypted at rest and never shown again; a webhook's secret is shown this once.",
    shapes.MadeAlertChannel, body=shapes.NewAlertChannel, status=201,
    example={
        "name": "pager", "kind": "webhook", "url": "https://pager.example.org/in", "timeout": 5, "retry_attempts": 3,
    },
)  # fmt: skip
send_test = _acting(
    "sendTestAlert", "Send a test alert", "A real message through the real path, to the channels of the rule.",
    shapes.TestAlertSent, body=shapes.TestAlert, example={"rule_id": 61}, status=202,
)  # fmt: skip
list_deliveries = _reading(
    "listAlertDeliveries", "List messages", "The newest 100, with how often they were tried.", shapes.AlertDeliveries,
)  # fmt: skip
replay_delivery = _acting(
    "replayAlertDelivery", "Send a message again", "One that was given up or came too late; its key stays the same.",
    shapes.AlertDelivery, path("delivery_id", "Id of a message.", "91", OpenApiTypes.INT),
)  # fmt: skip
list_silences = _reading("listSilences", "List silences", "Those of the last week and those to come.", shapes.Silences)
create_silence = _acting(
    "createSilence", "Silence alerts", "Alerts that match aren't told between the two moments.", shapes.Silence,
    body=shapes.NewSilence, status=201,
    example={"matchers": 'alertname="CPU"', "ends_at": "2199-01-01T00:00:00Z", "comment": "Load test."},
)  # fmt: skip
expire_silence = extend_schema(
    operation_id="expireSilence", tags=_TAGS, summary="End a silence",
    description=f"It is kept, and over from now on. {_ACT}", auth=KEY_AUTH, request=None, parameters=[_SILENCE],
    responses={200: shapes.Silence, **problems(400, 401, 403, 404)},
)  # fmt: skip
list_proposals = _reading(
    "listThresholdProposals", "List proposed thresholds", "From history and verdicts; only people apply them.",
    shapes.ThresholdProposals,
)  # fmt: skip
decide_proposal = _acting(
    "decideThresholdProposal", "Decide on a proposed threshold", "Accepting changes the rule.",
    shapes.ThresholdProposal, _PROPOSAL, body=shapes.DecideProposal, example={"accept": True},
)  # fmt: skip
