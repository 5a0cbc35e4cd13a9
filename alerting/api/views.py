"""Alerting: started and stopped, its alerts and incidents, and what people do with them."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from alerting.api import documents, forms, operations
from alerting.selectors import overview
from alerting.selectors.alerts import alert_named, alert_page, incident_page, incident_view
from alerting.services.acknowledge import acknowledge_alert, acknowledge_incident
from alerting.services.switch_alerting import switch_alerting
from alerting.services.work_on_incident import assign_incident, comment_on_incident, judge_alert, resolve_incident
from alerting.types import Severity
from common.api.access import MEASURE, OPERATE_PLATFORM
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.client_ip import client_ip


class StartAlertingView(ApiView):
    access = OPERATE_PLATFORM

    @operations.start_alerting
    def post(self, request: HttpRequest) -> HttpResponse:
        return _switched(request, is_on=True)


class StopAlertingView(ApiView):
    access = OPERATE_PLATFORM

    @operations.stop_alerting
    def post(self, request: HttpRequest) -> HttpResponse:
        return _switched(request, is_on=False)


class AlertingSummaryView(ApiView):
    access = MEASURE

    @operations.get_summary
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return json_response(documents.summary_document(overview.summary()))


class AlertingHealthView(ApiView):
    access = MEASURE

    @operations.get_health
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return json_response(documents.health_document(overview.health()))


class AlertsView(ApiView):
    access = MEASURE

    @operations.list_alerts
    def get(self, request: HttpRequest) -> HttpResponse:
        asked = forms.alerts_query(request)
        page = alert_page(
            only_firing=asked.only_firing,
            severity=Severity[asked.severity.name].value if asked.severity else 0,
            rule_id=asked.rule_id,
            limit=asked.limit,
            cursor=asked.cursor,
        )
        items = [documents.alert_document(alert) for alert in page.items]
        return json_response({"items": items, "next_cursor": page.next_cursor})


class AcknowledgeAlertView(ApiView):
    access = OPERATE_PLATFORM

    @operations.acknowledge_alert
    def post(self, request: HttpRequest, alert_id: str) -> HttpResponse:
        form = forms.acknowledge_from(json_body(request), caller=actor(request)["actor"])
        alert = acknowledge_alert(
            alert_id=int(alert_id), by=form.by, limit_s=form.limit_s, actor_id=user_id(request), ip=client_ip(request)
        )
        return json_response(documents.alert_document(alert))


class JudgeAlertView(ApiView):
    access = OPERATE_PLATFORM

    @operations.judge_alert
    def post(self, request: HttpRequest, alert_id: str) -> HttpResponse:
        verdict = forms.verdict_from(json_body(request))
        judge_alert(alert_id=int(alert_id), verdict=verdict, **actor(request))
        return json_response(documents.alert_document(alert_named(int(alert_id))))


class IncidentsView(ApiView):
    access = MEASURE

    @operations.list_incidents
    def get(self, request: HttpRequest) -> HttpResponse:
        asked = forms.incidents_query(request)
        page = incident_page(status=asked.status, limit=asked.limit, cursor=asked.cursor)
        items = [documents.incident_document(incident) for incident in page.items]
        return json_response({"items": items, "next_cursor": page.next_cursor})


class IncidentView(ApiView):
    access = MEASURE

    @operations.get_incident
    def get(self, request: HttpRequest, incident_id: str) -> HttpResponse:
        Fields.of_query(request).finish()
        return _incident(incident_id)


class AcknowledgeIncidentView(ApiView):
    access = OPERATE_PLATFORM

    @operations.acknowledge_incident
    def post(self, request: HttpRequest, incident_id: str) -> HttpResponse:
        form = forms.acknowledge_from(json_body(request), caller=actor(request)["actor"])
        acknowledge_incident(
            incident_id=int(incident_id),
            by=form.by,
            limit_s=form.limit_s,
            actor_id=user_id(request),
            ip=client_ip(request),
        )
        return _incident(incident_id)


class AssignIncidentView(ApiView):
    access = OPERATE_PLATFORM

    @operations.assign_incident
    def post(self, request: HttpRequest, incident_id: str) -> HttpResponse:
        assignee = forms.text_from(json_body(request), "assignee", is_required=False, length_max=150)
        assign_incident(incident_id=int(incident_id), assignee=assignee, **actor(request))
        return _incident(incident_id)


class CommentOnIncidentView(ApiView):
    access = OPERATE_PLATFORM

    @operations.comment_incident
    def post(self, request: HttpRequest, incident_id: str) -> HttpResponse:
        text = forms.text_from(json_body(request), "text", is_required=True)
        comment_on_incident(incident_id=int(incident_id), text=text, **actor(request))
        return _incident(incident_id)


class ResolveIncidentView(ApiView):
    access = OPERATE_PLATFORM

    @operations.resolve_incident
    def post(self, request: HttpRequest, incident_id: str) -> HttpResponse:
        reason = forms.text_from(json_body(request), "reason", is_required=False, length_max=500)
        resolve_incident(incident_id=int(incident_id), reason=reason, **actor(request))
        return _incident(incident_id)


def user_id(request: HttpRequest) -> int:
    found: int = request.api_caller.user_id  # type: ignore[attr-defined]
    return found


def actor(request: HttpRequest) -> dict[str, Any]:
    """Who acts, as services want to know it."""
    caller: Any = request.api_caller  # type: ignore[attr-defined]
    return {"actor": caller.user.get_username(), "actor_id": caller.user_id, "ip": client_ip(request)}


def _switched(request: HttpRequest, *, is_on: bool) -> HttpResponse:
    Fields(json_body(request)).finish()
    is_changed = switch_alerting(actor_id=user_id(request), is_on=is_on, ip=client_ip(request))
    return json_response({"is_on": is_on, "is_changed": is_changed})


def _incident(incident_id: str) -> HttpResponse:
    return json_response(documents.incident_view_document(incident_view(int(incident_id))))
