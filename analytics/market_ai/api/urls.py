from django.urls import re_path

from analytics.market_ai.api import predictions

_AI = r"^ai-analytics/"

app_name = "market-ai-api"
urlpatterns = [
    re_path(_AI + r"predictions/batch/?$", predictions.PredictionBatchView.as_view(), name="prediction-batch"),
    re_path(
        _AI + r"predictions/(?P<market_id>[0-9]{1,18})/?$", predictions.PredictionView.as_view(), name="prediction"
    ),
]
