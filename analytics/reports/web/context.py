"""What the pages of reports show, as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from accounts.selectors.people import contacts
from analytics.business.selectors.catalogue import metrics
from analytics.business.types import Metric
from analytics.reports.engine.definitions import definition_from
from analytics.reports.models import ReportDefinition
from analytics.reports.selectors.figures import catalogue
from analytics.reports.selectors.reports import ReportView
from analytics.reports.types import Cadence, Period
from common.models import JobStatus
from common.phrases import said

_PERIODS: Final = {
    Period.YESTERDAY: "yesterday",
    Period.LAST_7_DAYS: "the last 7 days",
    Period.LAST_30_DAYS: "the last 30 days",
    Period.LAST_90_DAYS: "the last 90 days",
    Period.LAST_WEEK: "last week",
    Period.LAST_MONTH: "last month",
}
_STATES: Final = {
    JobStatus.PENDING: "Waiting",
    JobStatus.RUNNING: "Being made",
    JobStatus.COMPLETED: "Ready",
    JobStatus.FAILED: "Failed",
    JobStatus.CANCELLED: "Cancelled",
    JobStatus.LOST: "Starting again",
}
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Figures of one owner; ``is_open`` when one of them is chosen."""

    title: str
    figures: tuple[tuple[Metric, bool], ...]

    @property
    def count(self) -> int:
        return sum(is_chosen for _, is_chosen in self.figures)


@dataclass(frozen=True, slots=True)
class DefinitionCard:
    """A definition in words."""

    row: ReportDefinition
    is_own: bool
    newest: ReportView | None = None

    @property
    def what(self) -> str:
        known, definition = catalogue(), definition_from(self.row.document)
        titles = [said(known[name].title) for name in definition.metrics if name in known]
        more = said(f" and {len(titles) - 3} more") if len(titles) > 3 else ""
        dimensions = ", ".join(said(name) for name in definition.dimensions)
        split = said(f" by {dimensions}") if dimensions else ""
        return f"{', '.join(titles[:3])}{more}{split}"

    @property
    def when(self) -> str:
        definition = definition_from(self.row.document)
        words = _PERIODS.get(definition.period) or f"{definition.first_on} to {definition.last_on}"
        return said(f"{words}, by {definition.grain}")

    @property
    def schedule_words(self) -> str:
        schedule = getattr(self.row, "schedule", None)
        if schedule is None:
            return said("Only when asked")
        each = {
            Cadence.DAILY: "Each day",
            Cadence.WEEKLY: f"Each {_DAYS[schedule.weekday]}",
            Cadence.MONTHLY: f"Each month on day {schedule.day}",
        }[Cadence(schedule.cadence)]
        return said(f"{each} at {schedule.at:%H:%M}, {schedule.time_zone}")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A made report in words."""

    view: ReportView
    is_own: bool

    @property
    def state(self) -> str:
        if self.view.is_open and self.view.job is not None and self.view.job.is_cancel_asked:
            return "Stopping"
        return _STATES[self.view.status]

    @property
    def is_page(self) -> bool:
        """Whether a browser can show it."""
        return self.view.is_ready and self.view.report.document["format"] == "html"


def figure_groups(form: forms.Form) -> list[FigureGroup]:
    chosen = set(form["metrics"].value() or [])
    groups: dict[str, list[tuple[Metric, bool]]] = {}
    for one in metrics():
        groups.setdefault(said(str(one.owner).capitalize()), []).append((one, one.name in chosen))
    return [FigureGroup(title, tuple(rows)) for title, rows in groups.items()]


def builder_data() -> dict[str, Any]:
    """What the page's script knows: which figures know which splits."""
    return {"dimensions": {name: list(figure.dimensions) for name, figure in catalogue().items()}}


def recipients_of(row: ReportDefinition) -> list[str]:
    schedule = getattr(row, "schedule", None)
    return sorted(one.handle for one in contacts(schedule.recipients).values()) if schedule is not None else []


def rows_of(views: Sequence[ReportView], user_id: int) -> list[ReportRow]:
    return [ReportRow(view, view.report.owner_id == user_id) for view in views]
