from django.urls import re_path

from analytics.market_ai.web import insight_panel, models, news_marks

app_name = "market-ai"
urlpatterns = [
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/insights/?$", insight_panel.insight_panel, name="insight-panel"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/news-marks/?$", news_marks.news_marks, name="news-marks"),
    re_path(r"^analytics/models/?$", models.ModelsPage.as_view(), name="models"),
    re_path(r"^analytics/models/train/?$", models.train, name="train"),
    re_path(r"^analytics/models/roll-back/?$", models.roll_back, name="roll-back"),
    re_path(r"^analytics/models/(?P<version>[0-9]{1,18})/?$", models.ModelsPage.as_view(), name="model"),
    re_path(r"^analytics/models/(?P<version>[0-9]{1,18})/promote/?$", models.promote, name="promote"),
]
