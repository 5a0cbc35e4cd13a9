"""Forecast every series anew."""

from datetime import timedelta
from typing import Final

from django.conf import settings

from common import clock
from monitoring.engine.catalogue import CATALOGUE
from monitoring.forecasting.engine.forecasts import Forecast, forecast
from monitoring.forecasting.engine.grid import masked
from monitoring.forecasting.models import AnalyticsSwitch, Anomaly, Prediction, Verdict
from monitoring.forecasting.selectors.lines import lines, sent_names, whole
from monitoring.forecasting.selectors.switch import is_watching

STEP_S: Final = 300
#: Eight days, so that a day of the week is known.
PAST: Final = timedelta(days=8)


def make_forecasts() -> int:
    """Replace the predictions; incidents are left out of what is learnt.

    Returns: how many there are
    """
    if not is_watching():
        return 0
    end = whole(clock.now(), STEP_S)
    start = end - PAST
    past = lines(names=[*CATALOGUE, *sent_names()], start=start, end=end, step_s=STEP_S)
    incidents: dict[str, list[int]] = {}
    for name, at in Anomaly.objects.filter(at__gte=start).exclude(verdict=Verdict.NORMAL).values_list("name", "at"):
        incidents.setdefault(name, []).append(int((at - start).total_seconds()) // STEP_S)
    made = []
    for name, values in past.items():
        found = forecast(
            masked(values, incidents.get(name, ())), step_s=STEP_S, horizons_min=settings.ANALYTICS_PREDICTION_HORIZONS
        )
        is_fresh = any(value is not None for value in values[-3:])
        made += [_prediction(name, one) for one in found if is_fresh]
    _replace(made)
    return len(made)


def _prediction(name: str, one: Forecast) -> Prediction:
    made_at = whole(clock.now(), STEP_S)
    eighty, most = one.intervals
    return Prediction(
        name=name,
        horizon_min=one.horizon_min,
        made_at=made_at,
        for_at=made_at + timedelta(minutes=one.horizon_min),
        model=one.model,
        value=one.value,
        low_80=eighty.low,
        high_80=eighty.high,
        low_95=most.low,
        high_95=most.high,
        skill=one.skill,
        seasonal_skill=one.seasonal_skill,
        error=one.error,
        naive_error=one.naive_error,
        r2=one.r2,
        origins=one.origins,
        is_hidden=one.is_hidden,
    )


def _replace(made: list[Prediction]) -> None:
    columns = [field.name for field in Prediction._meta.fields if field.name not in ("id", "name", "horizon_min")]
    Prediction.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["name", "horizon_min"], update_fields=columns
    )
    # What wasn't forecast now is out of date.
    Prediction.objects.filter(made_at__lt=whole(clock.now(), STEP_S)).delete()
    AnalyticsSwitch.objects.update_or_create(pk=1, defaults={"forecast_at": clock.now()})
