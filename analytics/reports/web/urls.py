from django.urls import re_path

from analytics.reports.web import definitions, made

_ONE = r"^business/reports/(?P<definition_id>[0-9]{1,18})"
_MADE = r"^business/reports/made/(?P<report_id>[0-9]{1,18})"

app_name = "reports"
urlpatterns = [
    re_path(r"^business/reports/?$", definitions.report_list, name="list"),
    re_path(r"^business/reports/new/?$", definitions.report_new, name="new"),
    re_path(r"^business/reports/rows/?$", made.made_rows, name="rows"),
    re_path(_ONE + r"/?$", definitions.report_detail, name="detail"),
    re_path(_ONE + r"/edit/?$", definitions.report_edit, name="edit"),
    re_path(_ONE + r"/make/?$", definitions.report_make, name="make"),
    re_path(_ONE + r"/delete/?$", definitions.report_delete, name="delete"),
    re_path(_MADE + r"/?$", made.made, name="made"),
    re_path(_MADE + r"/state/?$", made.made_state, name="made-state"),
    re_path(_MADE + r"/file/?$", made.made_file, name="made-file"),
    re_path(_MADE + r"/read/?$", made.made_reading, name="made-reading"),
    re_path(_MADE + r"/cancel/?$", made.made_cancel, name="made-cancel"),
]
