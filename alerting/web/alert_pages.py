"""Pages of alerting under /operations/alerts; what they do they do through the API."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import reverse
from django.views.defaults import page_not_found

from alerting.api.documents import incident_document, rule_document
from alerting.errors import AlertNotFound, RuleNotFound
from alerting.models import Category
from alerting.selectors.alerts import incident_page, incident_view, similar_incidents
from alerting.selectors.channels import all_channels
from alerting.selectors.deliveries import recent_deliveries
from alerting.selectors.overview import engine_state, health, summary
from alerting.selectors.proposals import newest_report, open_proposals
from alerting.selectors.rules import all_rules, firing_counts, rule_row
from alerting.selectors.silences import listed_silences
from alerting.types import Kind, Severity
from alerting.web.calendar import calendar_of
from alerting.web.condition_words import CONDITION_WORDS
from alerting.web.incident_facts import IncidentFacts, incident_facts
from common import clock
from common.api.access import MEASURE
from common.api.page_views import ApiPageView
from monitoring.selectors.series_specs import series_specs

INCIDENTS_MAX: Final = 50
_OPERATE: Final = "monitoring.operate_platform"


@dataclass(frozen=True, slots=True)
class PageContext:
    """``facts`` are what the page is about; ``data`` is for its script."""

    section: str
    can_operate: bool
    facts: dict[str, Any]
    data: dict[str, Any] = field(default_factory=dict)
    tab: str = "alerts"
    is_wall: bool = False


class InboxPage(ApiPageView):
    """With ``part=list`` only the list, which the page puts in place of what it shows."""

    access = MEASURE

    def get(self, request: HttpRequest) -> HttpResponse:
        status = "resolved" if request.GET.get("shown") == "resolved" else "active"
        found = incident_page(status=status, limit=INCIDENTS_MAX)
        state = engine_state()
        facts = {"incidents": found.items, "shown": status, "summary": summary(state), "health": health(state)}
        data = {"incidents": [incident_document(one) for one in found.items]}
        is_part = request.GET.get("part") == "list"
        return _page(request, "alerting/_inbox.html" if is_part else "alerting/inbox.html", "inbox", facts, data)


class IncidentPage(ApiPageView):
    access = MEASURE

    def get(self, request: HttpRequest, incident_id: str) -> HttpResponse:
        try:
            view = incident_view(int(incident_id))
        except AlertNotFound:
            return page_not_found(request, Http404())
        found: IncidentFacts = incident_facts(view)
        facts = {"view": view, "found": found, "similar": similar_incidents(view.incident)}
        is_part = request.GET.get("part") == "state"
        template = "alerting/_incident.html" if is_part else "alerting/incident.html"
        return _page(request, template, "inbox", facts, {"charts": found.charts, "id": view.incident.pk})


class RulesPage(ApiPageView):
    access = MEASURE

    def get(self, request: HttpRequest) -> HttpResponse:
        counts = firing_counts()
        rules = [(rule, counts.get(rule.pk, 0), rule_document(rule)) for rule in all_rules()]
        facts = {"rules": rules, "proposals": open_proposals(), "report": newest_report()}
        return _page(request, "alerting/rules.html", "rules", facts, {})


class RuleEditorPage(ApiPageView):
    """A rule of its own, or a new one."""

    access = MEASURE

    def get(self, request: HttpRequest, rule_id: str = "") -> HttpResponse:
        try:
            rule = rule_row(int(rule_id)) if rule_id else None
        except RuleNotFound:
            return page_not_found(request, Http404())
        document = rule_document(rule) if rule else None
        facts = {
            "rule": document,
            "kinds": [(one.value, CONDITION_WORDS[one]) for one in Kind],
            "severities": [one.name.lower() for one in Severity],
            "categories": Category.choices,
            "channels": all_channels(),
            "chosen": rule.channels if rule else [],
            "series": series_specs().values(),
        }
        data = {"rule": document, "rules_url": reverse("alerting-pages:rules")}
        return _page(request, "alerting/rule.html", "rules", facts, data)


class SilencesPage(ApiPageView):
    """Silences, mute times and who is on call: what is told to whom, and when."""

    access = MEASURE

    def get(self, request: HttpRequest) -> HttpResponse:
        now = clock.now()
        silences = listed_silences(since=now - timedelta(days=2))
        facts = {"silences": silences, "now": now, "calendar": calendar_of(silences, now)}
        return _page(request, "alerting/silences.html", "silences", facts, {})


class DeliveriesPage(ApiPageView):
    access = MEASURE

    def get(self, request: HttpRequest) -> HttpResponse:
        facts = {"deliveries": recent_deliveries(limit=100), "channels": all_channels(), "health": health()}
        return _page(request, "alerting/deliveries.html", "deliveries", facts, {})


def _page(
    request: HttpRequest, template: str, section: str, facts: dict[str, Any], data: dict[str, Any]
) -> HttpResponse:
    get_token(request)
    can_operate = bool(request.user.has_perm(_OPERATE))
    context = PageContext(section, can_operate, facts, data)
    return render(request, template, {"page": context, **facts})
