from django.urls import re_path

from monitoring.forecasting.api import views

_ANALYTICS = r"^advanced-analytics/"

app_name = "forecasting-api"
urlpatterns = [
    re_path(_ANALYTICS + r"start-analytics/?$", views.StartAnalyticsView.as_view(), name="start"),
    re_path(_ANALYTICS + r"stop-analytics/?$", views.StopAnalyticsView.as_view(), name="stop"),
    re_path(_ANALYTICS + r"summary/?$", views.AnalyticsSummaryView.as_view(), name="summary"),
    re_path(_ANALYTICS + r"predictions/?$", views.PredictionsView.as_view(), name="predictions"),
    re_path(_ANALYTICS + r"insights/?$", views.InsightsView.as_view(), name="insights"),
    re_path(_ANALYTICS + r"anomalies/?$", views.AnomaliesView.as_view(), name="anomalies"),
    re_path(
        _ANALYTICS + r"anomalies/(?P<anomaly_id>[0-9]{1,18})/verdict/?$",
        views.AnomalyVerdictView.as_view(),
        name="verdict",
    ),
    re_path(_ANALYTICS + r"add-data-point/?$", views.AddDataPointView.as_view(), name="add-data-point"),
]
