"""What a group's alerts go through before anybody is told, in this order.

1. inhibition      alerts that follow from another that fires
2. active hours    the whole group outside of the route's active hours
3. mute hours      the whole group within the route's mute hours
4. silences        alerts that somebody silenced
5. deduplication   for each channel: is there news, and why
6. delivery        by the caller, with retries until the next flush
7. notification log   what the channel has been told

Contract   ``STAGES`` are the first four, the others are in ``deduplication`` and ``dispatch``. What a stage takes out
           later stages never see; a group of which nothing is left tells nothing and its log stays as it was.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from alerting.engine.alerts import Alert
from alerting.engine.hours import is_within_any
from alerting.engine.inhibition import Inhibition, inhibited_by
from alerting.engine.routing import Route
from alerting.engine.silences import Silence, silenced_by


class Suppression(StrEnum):
    INHIBITION = "inhibition"
    ACTIVE_HOURS = "active hours"
    MUTE_HOURS = "mute hours"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the stages look at, beside the group: everything that fires, the silences, the moment."""

    alerts: Sequence[Alert]
    inhibitions: Sequence[Inhibition]
    silences: Sequence[Silence]
    now: float


Stage = Callable[[Alert, Route, Surroundings], bool]


def _is_inhibited(alert: Alert, route: Route, around: Surroundings) -> bool:
    return bool(inhibited_by(around.inhibitions, around.alerts, alert.labels, around.now))


def _is_out_of_hours(alert: Alert, route: Route, around: Surroundings) -> bool:
    return bool(route.active_hours) and not is_within_any(route.active_hours, around.now)


def _is_muted(alert: Alert, route: Route, around: Surroundings) -> bool:
    return is_within_any(route.mute_hours, around.now)


def _is_silenced(alert: Alert, route: Route, around: Surroundings) -> bool:
    return bool(silenced_by(around.silences, alert.labels, around.now))


STAGES: Final[Mapping[Suppression, Stage]] = {
    Suppression.INHIBITION: _is_inhibited,
    Suppression.ACTIVE_HOURS: _is_out_of_hours,
    Suppression.MUTE_HOURS: _is_muted,
    Suppression.SILENCE: _is_silenced,
}


def suppression_of(alert: Alert, route: Route, around: Surroundings) -> Suppression | None:
    """The first stage that takes the alert out."""
    return next((name for name, stage in STAGES.items() if stage(alert, route, around)), None)


def visible(alerts: Iterable[Alert], route: Route, around: Surroundings) -> tuple[Alert, ...]:
    """The alerts that pass all stages."""
    return tuple(alert for alert in alerts if suppression_of(alert, route, around) is None)
