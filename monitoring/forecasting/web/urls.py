from django.urls import re_path

from monitoring.forecasting.web.pages import AnomaliesPage, ForecastsPage

app_name = "forecasting"
urlpatterns = [
    re_path(r"^operations/forecasts/?$", ForecastsPage.as_view(), name="forecasts"),
    re_path(r"^operations/anomalies/?$", AnomaliesPage.as_view(), name="anomalies"),
]
