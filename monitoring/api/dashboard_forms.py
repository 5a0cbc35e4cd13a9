"""From the body of a dashboard to its panels."""

from dataclasses import dataclass
from typing import Any, Final

from common.api.fields import Fields
from monitoring.engine.layout import (
    COLUMNS,
    DIMENSION_MAX,
    NAME_MAX,
    PANELS_MAX,
    SERIES_MAX,
    TITLE_MAX,
    By,
    Panel,
    PanelKind,
    fault_of,
)
from monitoring.engine.spans import DEFAULT, SPANS
from monitoring.models import EventKind

_WIDTH: Final = 2


@dataclass(frozen=True, slots=True)
class DashboardForm:
    name: str
    span: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class EventForm:
    kind: str
    title: str
    detail: str
    series: str
    key: str | None


def dashboard_from(body: dict[str, Any]) -> DashboardForm:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    name = fields.text("name", length_max=NAME_MAX, is_required=True)
    span = fields.text("range", default=DEFAULT, length_max=8)
    if span not in SPANS:
        fields.refuse("range", "field.not_a_choice", f"Send one of: {', '.join(SPANS)}.")
    panels = _panels(fields)
    fields.finish()
    return DashboardForm(name, span, panels)


def event_from(body: dict[str, Any]) -> EventForm:
    """Raises: RequestInvalid"""
    fields = Fields(body)
    kind = fields.text("kind", is_required=True)
    if kind not in (EventKind.DEPLOY, EventKind.SCALING):
        fields.refuse("kind", "field.not_a_choice", "Send one of: deploy, scaling. Alerts mark themselves.")
    form = EventForm(
        kind,
        title=fields.text("title", length_max=120, is_required=True),
        detail=fields.text("detail", length_max=2000),
        series=fields.text("series", length_max=64),
        key=fields.text("key", length_max=180) or None,
    )
    fields.finish()
    return form


def _panels(fields: Fields) -> tuple[Panel, ...]:
    layout = fields.value("layout", is_required=True)
    if layout is None:
        return ()
    if not isinstance(layout, list) or not all(isinstance(panel, dict) for panel in layout):
        fields.refuse("layout", "field.not_a_list", 'Send a list of panels, such as [{"series": ["cpu_usage"]}].')
        return ()
    if not 1 <= len(layout) <= PANELS_MAX:
        fields.refuse("layout", "field.too_many", f"Send 1 to {PANELS_MAX} panels.")
        return ()
    return tuple(_panel(fields, index, panel) for index, panel in enumerate(layout))


def _panel(parent: Fields, index: int, document: dict[str, Any]) -> Panel:
    fields = Fields(document, parent=f"/layout/{index}")
    panel = Panel(
        series=fields.texts("series", count_max=SERIES_MAX, length_max=64),
        dimension=fields.text("dimension", length_max=DIMENSION_MAX),
        by=fields.choice("by", By, default=By.SITE),
        kind=fields.choice("kind", PanelKind, default=PanelKind.LINE),
        title=fields.text("title", length_max=TITLE_MAX),
        width=fields.integer("width", low=1, high=COLUMNS, default=_WIDTH),
    )
    fault = fault_of(panel) if not fields.errors else None
    if fault is not None:
        fields.refuse(fault[0], "field.invalid", fault[1])
    fields.refuse_unknown()
    parent.errors.extend(fields.errors)
    return panel
