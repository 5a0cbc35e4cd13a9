from django.urls import re_path

from alerting.web.acknowledge_link import acknowledge_link
from alerting.web.following import follow
from alerting.web.notifications import notification_list, preferences, read, unsubscribe, watch, watched
from alerting.web.webhooks import webhook, webhook_delivery, webhook_list

_WEBHOOK = r"^settings/webhooks/(?P<endpoint_id>[0-9]{1,16})"

app_name = "notifications"
urlpatterns = [
    re_path(r"^notifications/?$", notification_list, name="list"),
    re_path(r"^notifications/read/?$", read, name="read"),
    re_path(r"^notifications/unsubscribe/(?P<token>[\w:.=-]{10,400})/?$", unsubscribe, name="unsubscribe"),
    re_path(r"^settings/notifications/?$", preferences, name="preferences"),
    re_path(r"^settings/webhooks/?$", webhook_list, name="webhooks"),
    re_path(_WEBHOOK + r"/?$", webhook, name="webhook"),
    re_path(_WEBHOOK + r"/deliveries/(?P<delivery_id>[0-9]{1,16})/?$", webhook_delivery, name="webhook-delivery"),
    re_path(r"^watchlist/?$", watched, name="watchlist"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/watch/?$", watch, name="watch"),
    re_path(r"^topics/(?P<slug>[-a-zA-Z0-9_]{1,60})/follow/?$", follow, {"kind": "topic"}, name="follow-topic"),
    re_path(r"^series/(?P<slug>[-a-zA-Z0-9_]{1,60})/follow/?$", follow, {"kind": "series"}, name="follow-series"),
    re_path(r"^alerts/acknowledge/(?P<token>[\w:.=-]{10,400})/?$", acknowledge_link, name="acknowledge"),
]
