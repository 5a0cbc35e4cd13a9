from django.urls import re_path

from monitoring.scaling.web.pages import ScalingPage

app_name = "scaling"
urlpatterns = [
    re_path(r"^operations/scaling/?$", ScalingPage.as_view(), name="scaling"),
]
