"""The timing of a schedule's row as the engine knows it."""

from analytics.reports.models import ReportSchedule
from analytics.reports.types import Cadence, Timing


def timing_of(schedule: ReportSchedule) -> Timing:
    return Timing(Cadence(schedule.cadence), schedule.at, schedule.time_zone, schedule.weekday, schedule.day)
