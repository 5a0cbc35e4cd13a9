from django.urls import re_path

from analytics.skill.api import views

app_name = "skill-api"
urlpatterns = [
    re_path(r"^leaderboards/?$", views.LeaderboardsView.as_view(), name="leaderboards"),
    re_path(r"^traders/(?P<handle>[\w.@+-]{1,32})/?$", views.TraderView.as_view(), name="trader"),
    re_path(r"^calibration/?$", views.CalibrationView.as_view(), name="calibration"),
]
