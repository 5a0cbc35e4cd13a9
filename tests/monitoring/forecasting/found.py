"""An anomaly with its insight and a prediction, as the tasks keep them."""

from datetime import timedelta

from common import clock
from monitoring.forecasting.models import Anomaly, Insight, Prediction, WatchedSeries


def keep_findings(*, number: int, severity: float = 4.5) -> Anomaly:
    """The processor was busy a minute ago, and will be in a quarter of an hour."""
    now = clock.now()
    WatchedSeries.objects.get_or_create(name="cpu_usage", defaults={"read_to": now})
    anomaly = Anomaly.objects.create(
        id=number,
        name="cpu_usage",
        at=now - timedelta(minutes=1),
        value=91.0,
        expected=30.5,
        severity=severity,
        threshold=2.5,
    )
    evidence = {
        "start": "2026-05-04T11:00:00Z",
        "step_s": 60,
        "values": [30.0, None, 91.0],
        "moved_with": [{"series": "response_time", "correlation": 0.93}],
        "events": [{"at": "2026-05-04T11:58:00Z", "kind": "deploy", "title": "Version 1.4.1"}],
    }
    title = "CPU rose to 91.0 %; 30.5 % was expected."
    Insight.objects.create(anomaly=anomaly, title=title, advice="Look at the breakdown by process.", evidence=evidence)
    keep_prediction(name="cpu_usage", horizon_min=15)
    return anomaly


def keep_prediction(*, name: str, horizon_min: int, skill: float = 0.4, is_hidden: bool = False) -> Prediction:
    now = clock.now()
    return Prediction.objects.create(
        name=name,
        horizon_min=horizon_min,
        made_at=now,
        for_at=now + timedelta(minutes=horizon_min),
        model="holt_winters",
        value=42.0,
        low_80=38.0,
        high_80=46.0,
        low_95=35.0,
        high_95=49.0,
        skill=skill,
        seasonal_skill=0.1,
        error=3.0,
        naive_error=5.0,
        r2=0.7,
        origins=60,
        is_hidden=is_hidden,
    )
