from django.urls import re_path

from trading.web.moderation import decide, queue
from trading.web.reports import report_comment, report_market

app_name = "moderation"
urlpatterns = [
    re_path(r"^moderation/?$", queue, name="queue"),
    re_path(r"^moderation/cases/(?P<case_id>[0-9]{1,18})/?$", decide, name="decide"),
    re_path(r"^comments/(?P<comment_id>[0-9]{1,19})/report/?$", report_comment, name="report-comment"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/report/?$", report_market, name="report-market"),
]
