from django.urls import re_path

from common.api import job_views

_JOB = r"^jobs/(?P<job_id>[0-9]{1,19})"

urlpatterns = [
    re_path(r"^jobs/?$", job_views.JobsView.as_view(), name="jobs"),
    re_path(_JOB + r"/?$", job_views.JobView.as_view(), name="job"),
    re_path(_JOB + r"/cancel/?$", job_views.CancelJobView.as_view(), name="job-cancel"),
    re_path(_JOB + r"/result/?$", job_views.JobResultView.as_view(), name="job-result"),
]
