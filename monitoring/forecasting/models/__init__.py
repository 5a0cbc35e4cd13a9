from monitoring.forecasting.models.anomaly import Anomaly, Insight, Verdict
from monitoring.forecasting.models.prediction import Prediction
from monitoring.forecasting.models.watched import AnalyticsSwitch, DataPoint, WatchedSeries

__all__ = ["AnalyticsSwitch", "Anomaly", "DataPoint", "Insight", "Prediction", "Verdict", "WatchedSeries"]
