"""Take a verdict on an anomaly; "not an anomaly" makes its series more tolerant and clears the charts of it."""

from typing import Final

from django.db import transaction

from common import clock
from common.audit import record_audit
from monitoring.forecasting.errors import AnomalyNotFound
from monitoring.forecasting.models import Anomaly, Verdict, WatchedSeries
from monitoring.services.mark_anomalies import Unusual, mark_anomalies

#: A series is never told to be more tolerant than this.
TOLERANCE_MAX: Final = 4.0
#: The next one has to be this much more severe.
_BEYOND: Final = 1.1


def judge_anomaly(*, anomaly_id: int, verdict: Verdict, actor_id: int) -> Anomaly:
    """Idempotent: the same verdict again changes nothing.

    Raises: AnomalyNotFound
    """
    with transaction.atomic():
        anomaly = Anomaly.objects.select_for_update().filter(pk=anomaly_id).first()
        if anomaly is None:
            raise AnomalyNotFound("List them with GET advanced-analytics/anomalies.")
        if anomaly.verdict == verdict:
            return anomaly
        before, anomaly.verdict = anomaly.verdict, verdict
        anomaly.judged_by_id, anomaly.judged_at = actor_id, clock.now()
        anomaly.save(update_fields=["verdict", "judged_by", "judged_at"])
        if verdict == Verdict.NORMAL:
            _tolerate(anomaly)
        is_unusual = verdict != Verdict.NORMAL
        mark_anomalies([Unusual(anomaly.name, anomaly.at, anomaly.ended_at, is_unusual=is_unusual)])
        record_audit(
            actor_id=actor_id,
            action="analytics.judge",
            target=anomaly,
            before={"verdict": before},
            after={"verdict": verdict.value},
        )
        return anomaly


def _tolerate(anomaly: Anomaly) -> None:
    series = WatchedSeries.objects.select_for_update().get(name=anomaly.name)
    base = anomaly.threshold / series.tolerance
    wished = max(series.tolerance, _BEYOND * anomaly.severity / base)
    series.tolerance = min(TOLERANCE_MAX, wished)
    series.save(update_fields=["tolerance"])
