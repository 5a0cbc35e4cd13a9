"""Jobs of scaling: each calls one service, and may run twice or not at all for a while."""

from celery import shared_task

from common import clock
from monitoring.scaling.realtime.outlook import outlook
from monitoring.scaling.selectors.switch import is_scaling_on
from monitoring.scaling.selectors.targets import policied_targets
from monitoring.scaling.services import decide_targets as deciding
from monitoring.scaling.types import Mode


@shared_task
def decide_scaling() -> int:
    """How many decisions were made."""
    forecasts = {}
    if is_scaling_on():
        watched = [one for one in policied_targets() if one.target.mode is not Mode.OFF]
        forecasts = dict(outlook.forecasts(watched, clock.now()))
    return deciding.decide_targets(forecasts=forecasts)
