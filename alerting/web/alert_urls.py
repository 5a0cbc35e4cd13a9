from django.urls import re_path

from alerting.web import alert_pages

_ALERTS = r"^operations/alerts"

app_name = "alerting-pages"
urlpatterns = [
    re_path(_ALERTS + r"/?$", alert_pages.InboxPage.as_view(), name="inbox"),
    re_path(
        _ALERTS + r"/incidents/(?P<incident_id>[0-9]{1,16})/?$", alert_pages.IncidentPage.as_view(), name="incident"
    ),
    re_path(_ALERTS + r"/rules/?$", alert_pages.RulesPage.as_view(), name="rules"),
    re_path(_ALERTS + r"/rules/new/?$", alert_pages.RuleEditorPage.as_view(), name="new-rule"),
    re_path(_ALERTS + r"/rules/(?P<rule_id>[0-9]{1,16})/?$", alert_pages.RuleEditorPage.as_view(), name="rule"),
    re_path(_ALERTS + r"/silences/?$", alert_pages.SilencesPage.as_view(), name="silences"),
    re_path(_ALERTS + r"/deliveries/?$", alert_pages.DeliveriesPage.as_view(), name="deliveries"),
]
