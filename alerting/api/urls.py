from django.urls import re_path

from alerting.api import alertmanager_views, follow_views, rule_views, views, webhook_views

_ALERTING = r"^intelligent-alerting/"
_ALERT = _ALERTING + r"alerts/(?P<alert_id>[0-9]{1,16})/"
_WEBHOOK = r"^webhooks/(?P<endpoint_id>[0-9]{1,16})"
_WEBHOOK_DELIVERY = _WEBHOOK + r"/deliveries/(?P<delivery_id>[0-9]{1,16})"
_INCIDENT = _ALERTING + r"incidents/(?P<incident_id>[0-9]{1,16})"

app_name = "alerting-api"
urlpatterns = [
    re_path(r"^topics/?$", follow_views.TopicsView.as_view(), name="topics"),
    re_path(r"^follows/?$", follow_views.FollowsView.as_view(), name="follows"),
    re_path(
        r"^follows/(?P<kind>topic|series)/(?P<slug>[-a-zA-Z0-9_]{1,60})/?$",
        follow_views.FollowView.as_view(),
        name="follow",
    ),
    re_path(r"^webhooks/?$", webhook_views.WebhooksView.as_view(), name="webhooks"),
    re_path(r"^webhooks/events/?$", webhook_views.WebhookEventsView.as_view(), name="webhook-events"),
    re_path(_WEBHOOK + r"/?$", webhook_views.WebhookView.as_view(), name="webhook"),
    re_path(_WEBHOOK + r"/rotate-secret/?$", webhook_views.RotateWebhookView.as_view(), name="webhook-rotate"),
    re_path(_WEBHOOK + r"/test/?$", webhook_views.TestWebhookView.as_view(), name="webhook-test"),
    re_path(_WEBHOOK + r"/replay/?$", webhook_views.ReplayWebhookView.as_view(), name="webhook-replay"),
    re_path(_WEBHOOK + r"/deliveries/?$", webhook_views.WebhookDeliveriesView.as_view(), name="webhook-deliveries"),
    re_path(_WEBHOOK_DELIVERY + r"/?$", webhook_views.WebhookDeliveryView.as_view(), name="webhook-delivery"),
    re_path(
        _WEBHOOK_DELIVERY + r"/replay/?$",
        webhook_views.ReplayWebhookDeliveryView.as_view(),
        name="webhook-delivery-replay",
    ),
    re_path(_ALERTING + r"start-alerting/?$", views.StartAlertingView.as_view(), name="start"),
    re_path(_ALERTING + r"stop-alerting/?$", views.StopAlertingView.as_view(), name="stop"),
    re_path(_ALERTING + r"summary/?$", views.AlertingSummaryView.as_view(), name="summary"),
    re_path(_ALERTING + r"health/?$", views.AlertingHealthView.as_view(), name="health"),
    re_path(_ALERTING + r"alertmanager/?$", alertmanager_views.AlertmanagerView.as_view(), name="alertmanager"),
    re_path(_ALERTING + r"alerts/?$", views.AlertsView.as_view(), name="alerts"),
    re_path(_ALERT + r"acknowledge/?$", views.AcknowledgeAlertView.as_view(), name="acknowledge"),
    re_path(_ALERT + r"judge/?$", views.JudgeAlertView.as_view(), name="judge"),
    re_path(_ALERTING + r"incidents/?$", views.IncidentsView.as_view(), name="incidents"),
    re_path(_INCIDENT + r"/?$", views.IncidentView.as_view(), name="incident"),
    re_path(_INCIDENT + r"/acknowledge/?$", views.AcknowledgeIncidentView.as_view(), name="incident-acknowledge"),
    re_path(_INCIDENT + r"/assign/?$", views.AssignIncidentView.as_view(), name="incident-assign"),
    re_path(_INCIDENT + r"/comment/?$", views.CommentOnIncidentView.as_view(), name="incident-comment"),
    re_path(_INCIDENT + r"/resolve/?$", views.ResolveIncidentView.as_view(), name="incident-resolve"),
    re_path(_ALERTING + r"rules/?$", rule_views.RulesView.as_view(), name="rules"),
    re_path(_ALERTING + r"rules/backtest/?$", rule_views.BacktestRuleView.as_view(), name="backtest"),
    re_path(_ALERTING + r"rules/test/?$", rule_views.TestRuleView.as_view(), name="test-rule"),
    re_path(_ALERTING + r"rules/(?P<rule_id>[0-9]{1,16})/?$", rule_views.RuleView.as_view(), name="rule"),
    re_path(_ALERTING + r"channels/?$", rule_views.ChannelsView.as_view(), name="channels"),
    re_path(_ALERTING + r"test-alert/?$", rule_views.TestAlertView.as_view(), name="test-alert"),
    re_path(_ALERTING + r"deliveries/?$", rule_views.DeliveriesView.as_view(), name="deliveries"),
    re_path(
        _ALERTING + r"deliveries/(?P<delivery_id>[0-9]{1,16})/replay/?$",
        rule_views.ReplayDeliveryView.as_view(),
        name="replay",
    ),
    re_path(_ALERTING + r"silences/?$", rule_views.SilencesView.as_view(), name="silences"),
    re_path(_ALERTING + r"silences/(?P<silence_id>[0-9]{1,16})/?$", rule_views.SilenceView.as_view(), name="silence"),
    re_path(_ALERTING + r"proposals/?$", rule_views.ProposalsView.as_view(), name="proposals"),
    re_path(
        _ALERTING + r"proposals/(?P<proposal_id>[0-9]{1,16})/?$", rule_views.ProposalView.as_view(), name="proposal"
    ),
]
