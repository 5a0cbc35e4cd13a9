"""Whether and how rules are looked at: what an operator said, else the environment or ``config/alerting.yaml``."""

from dataclasses import dataclass

from django.conf import settings

from alerting.models import AlertingEngine

GROUP_INTERVAL_S = 300.0
REPEAT_INTERVAL_S = 14_400.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Spans are seconds."""

    is_on: bool
    interval_s: int
    escalation_s: int
    group_wait_s: float
    group_interval_s: float
    repeat_interval_s: float


def settings_of(row: AlertingEngine | None) -> Settings:
    """What counts, given the row; a round tells all its alerts together, so groups needn't wait for more of them."""
    row = row or AlertingEngine()
    return Settings(
        is_on=bool(settings.ALERTING_ENABLED) if row.is_on is None else row.is_on,
        interval_s=row.interval_s or settings.ALERTING_EVALUATION_INTERVAL,
        escalation_s=row.escalation_s or settings.ALERTING_ESCALATION_TIMEOUT,
        group_wait_s=row.group_wait_s or 0.0,
        group_interval_s=row.group_interval_s or GROUP_INTERVAL_S,
        repeat_interval_s=row.repeat_interval_s or REPEAT_INTERVAL_S,
    )


def engine_row() -> AlertingEngine | None:
    return AlertingEngine.objects.filter(pk=1).first()


def current_settings() -> Settings:
    return settings_of(engine_row())


def is_alerting_on() -> bool:
    return current_settings().is_on
