from django.urls import re_path

from common.web.job_pages import job_cancel, job_list, job_result, job_rows

app_name = "jobs"
urlpatterns = [
    re_path(r"^jobs/?$", job_list, name="list"),
    re_path(r"^jobs/rows/?$", job_rows, name="rows"),
    re_path(r"^jobs/(?P<job_id>[0-9]{1,18})/cancel/?$", job_cancel, name="cancel"),
    re_path(r"^jobs/(?P<job_id>[0-9]{1,18})/result/?$", job_result, name="result"),
]
