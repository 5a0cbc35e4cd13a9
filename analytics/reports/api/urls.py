from django.urls import re_path

from analytics.reports.api import definition_views, report_views

_BUSINESS = r"^business-intelligence/"
_REPORT = _BUSINESS + r"reports/(?P<report_id>[0-9]{1,18})"

app_name = "reports-api"
urlpatterns = [
    re_path(_BUSINESS + r"generate-report/?$", report_views.GenerateReportView.as_view(), name="generate"),
    re_path(_BUSINESS + r"reports/?$", report_views.ReportsView.as_view(), name="reports"),
    re_path(_REPORT + r"/?$", report_views.ReportView.as_view(), name="report"),
    re_path(_REPORT + r"/download/?$", report_views.ReportDownloadView.as_view(), name="download"),
    re_path(_BUSINESS + r"report-definitions/?$", definition_views.DefinitionsView.as_view(), name="definitions"),
    re_path(
        _BUSINESS + r"report-definitions/(?P<definition_id>[0-9]{1,18})/?$",
        definition_views.DefinitionView.as_view(),
        name="definition",
    ),
]
