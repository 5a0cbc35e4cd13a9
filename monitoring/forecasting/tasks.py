"""Jobs of analytics: each calls one service, and may run twice or not at all for a while."""

from celery import shared_task

from monitoring.forecasting.services import make_forecasts as forecasting
from monitoring.forecasting.services import watch_series as watching


@shared_task
def watch_series() -> int:
    return watching.watch_series()


@shared_task
def make_forecasts() -> int:
    return forecasting.make_forecasts()
