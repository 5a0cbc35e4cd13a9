"""Let the detector of each series see the minutes that are new.

Invariant  The state is kept every ``KEEP`` minutes of a series; the minutes since are judged again each time, and an
           anomaly is kept once. So a run may be lost or come twice.
Effects    The stored rows of unusual minutes are marked, those of the last day anew in each run: so what was stored
           late is marked too, and what a run left undone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from common import clock
from common.bus import publish_on_commit
from monitoring.engine.catalogue import CATALOGUE
from monitoring.forecasting.engine.detector import Detector, Reading
from monitoring.forecasting.engine.detector_text import detector_of, text_of
from monitoring.forecasting.events import AnomalyFound
from monitoring.forecasting.models import AnalyticsSwitch, Anomaly, DataPoint, Verdict, WatchedSeries
from monitoring.forecasting.selectors.lines import Values, lines, sent_names, whole
from monitoring.forecasting.selectors.switch import is_watching
from monitoring.forecasting.services._insight import BEFORE, insight_of
from monitoring.forecasting.types import ANOMALIES_KEPT, POINTS_KEPT
from monitoring.services.mark_anomalies import Unusual, mark_anomalies

STEP_S: Final = 60
KEEP: Final = 15
#: What a series that is new here learns from.
_FIRST: Final = timedelta(days=1)
#: After so long a pause a series goes on from here; what was meanwhile is not judged.
_PAUSE_MAX: Final = timedelta(days=2)
#: The newest minute may still be written.
_LATE: Final = timedelta(seconds=30)
#: An anomaly goes on while no more than so much lies between two unusual minutes.
_BREAK: Final = timedelta(minutes=5)
#: How far back the marks of stored rows are looked after.
_MARKED: Final = timedelta(days=1, hours=1)


def watch_series() -> int:
    """Returns: how many anomalies are new"""
    if not is_watching():
        return 0
    now = clock.now()
    end = whole(now - _LATE, STEP_S)
    names = [*CATALOGUE, *sent_names()]
    series = _series(names, end)
    found: list[Anomaly] = []
    newest = {one.name: one for one in Anomaly.objects.filter(at__gte=end - _MARKED).order_by("at")}
    for start in sorted({one.read_to for one in series}):
        together = [one for one in series if one.read_to == start]
        past = lines(names=[one.name for one in together], start=start, end=end, step_s=STEP_S)
        for one in together:
            found += _watched(one, start, past[one.name], newest.get(one.name))
    fresh = _keep(found, names)
    unusual = Anomaly.objects.filter(at__gte=end - _MARKED).exclude(verdict=Verdict.NORMAL)
    mark_anomalies([Unusual(one.name, one.at, one.ended_at) for one in unusual])
    Anomaly.objects.filter(at__lt=now - ANOMALIES_KEPT).delete()
    DataPoint.objects.filter(at__lt=now - POINTS_KEPT).delete()
    AnalyticsSwitch.objects.update_or_create(pk=1, defaults={"watched_at": now})
    return fresh


def _series(names: Sequence[str], end: datetime) -> list[WatchedSeries]:
    known = {one.name: one for one in WatchedSeries.objects.filter(name__in=names)}
    missing = [WatchedSeries(name=name, read_to=end - _FIRST) for name in names if name not in known]
    WatchedSeries.objects.bulk_create(missing, ignore_conflicts=True)
    found = list(WatchedSeries.objects.filter(name__in=names))
    for one in found:
        one.read_to = max(one.read_to, end - _PAUSE_MAX)
    return found


def _watched(series: WatchedSeries, start: datetime, values: Values, newest: Anomaly | None) -> list[Anomaly]:
    """Judge the minutes from ``start``; the state is kept when enough have come.

    Returns: what was found, and ``newest`` if it went on
    """
    detector = _detector(series)
    found, is_stuck = [], series.is_stuck
    for minute, value in enumerate(values):
        if value is None:
            continue
        at = start + timedelta(seconds=minute * STEP_S)
        reading = detector.update(at.timestamp(), value)
        is_stuck = reading.is_stuck
        if reading.is_anomaly:
            newest = _anomaly(series.name, at, value, reading, detector.threshold)
            found.append(newest)
        elif newest is not None and _goes_on(newest, at, reading, detector.threshold):
            newest.lasted_min = int((at - newest.at).total_seconds()) // STEP_S + 1
            found += [] if newest in found else [newest]
    if len(values) >= KEEP:
        position = start + timedelta(seconds=len(values) * STEP_S)
        WatchedSeries.objects.filter(pk=series.pk).update(state=text_of(detector), read_to=position, is_stuck=is_stuck)
    return found


def _anomaly(name: str, at: datetime, value: float, reading: Reading, threshold: float) -> Anomaly:
    return Anomaly(
        name=name, at=at, value=value, expected=reading.expected, severity=reading.severity, threshold=threshold
    )


def _goes_on(newest: Anomaly, at: datetime, reading: Reading, threshold: float) -> bool:
    is_unusual = reading.severity >= threshold and not reading.is_stuck
    return is_unusual and newest.ended_at <= at <= newest.ended_at + _BREAK


def _detector(series: WatchedSeries) -> Detector:
    detector = Detector()
    if series.state is not None:
        try:
            detector = detector_of(bytes(series.state))
        except ValueError:
            # Of another version: it is learnt anew from what comes.
            detector = Detector()
    detector.threshold = settings.ANALYTICS_ANOMALY_THRESHOLD * series.tolerance
    return detector


def _keep(found: Sequence[Anomaly], names: Sequence[str]) -> int:
    """Store what is new, each with its insight, and how long what is known lasted."""
    known = set(Anomaly.objects.filter(name__in={one.name for one in found}).values_list("name", "at"))
    fresh = 0
    for anomaly in found:
        if (anomaly.name, anomaly.at) in known:
            same = Anomaly.objects.filter(name=anomaly.name, at=anomaly.at, lasted_min__lt=anomaly.lasted_min)
            same.update(lasted_min=anomaly.lasted_min)
            continue
        start = whole(anomaly.at - BEFORE, STEP_S)
        past = lines(names=names, start=start, end=anomaly.at + timedelta(seconds=STEP_S), step_s=STEP_S)
        fresh += _kept(anomaly, start, past)
    return fresh


def _kept(anomaly: Anomaly, start: datetime, past: Mapping[str, Values]) -> bool:
    """False: another run was faster."""
    facts = {name: getattr(anomaly, name) for name in ("value", "expected", "severity", "threshold", "lasted_min")}
    with transaction.atomic():
        stored, is_new = Anomaly.objects.get_or_create(name=anomaly.name, at=anomaly.at, defaults=facts)
        if is_new:
            insight_of(stored, start, past).save()
            publish_on_commit(AnomalyFound(stored.pk, stored.name, stored.at, stored.severity))
    return is_new
