from django.urls import re_path

from analytics.skill.web import boards, profit, traders

app_name = "skill"
urlpatterns = [
    re_path(r"^leaderboards/?$", boards.LeaderboardsPage.as_view(), name="leaderboards"),
    re_path(r"^calibration/?$", boards.CalibrationPage.as_view(), name="calibration"),
    re_path(r"^traders/(?P<handle>[\w.@+-]{1,32})/?$", traders.TraderPage.as_view(), name="trader"),
    re_path(r"^traders/(?P<handle>[\w.@+-]{1,32})/follow/?$", traders.follow, name="follow"),
    re_path(r"^portfolio/profit/?$", profit.profit, name="profit"),
    re_path(r"^settings/profile/?$", traders.own_profile, name="own-profile"),
]
