"""What a dashboard of one's own consists of.

Contract   ``panel_of(document_of(panel)) == panel``. The order of the panels is the order on the page, in a grid of
           ``COLUMNS``; there is nothing to drag and no position to store.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from monitoring.engine.catalogue import CATALOGUE

COLUMNS: Final = 4
PANELS_MAX: Final = 24
SERIES_MAX: Final = 6
TITLE_MAX: Final = 80
NAME_MAX: Final = 80
DIMENSION_MAX: Final = 200


class PanelKind(StrEnum):
    LINE = "line"
    AREA = "area"
    NUMBER = "number"
    TABLE = "table"


class By(StrEnum):
    """One line or row for each process or route, instead of one for the site."""

    SITE = ""
    PROCESS = "process"
    ROUTE = "route"


@dataclass(frozen=True, slots=True)
class Panel:
    """``series`` are names of the catalogue; ``dimension`` narrows all of them to one process or route."""

    series: tuple[str, ...]
    dimension: str
    by: By
    kind: PanelKind
    title: str
    width: int


def document_of(panel: Panel) -> dict[str, Any]:
    return {
        "series": list(panel.series),
        "dimension": panel.dimension,
        "by": panel.by.value,
        "kind": panel.kind.value,
        "title": panel.title,
        "width": panel.width,
    }


def panel_of(document: Mapping[str, Any]) -> Panel:
    return Panel(
        series=tuple(document["series"]),
        dimension=document["dimension"],
        by=By(document["by"]),
        kind=PanelKind(document["kind"]),
        title=document["title"],
        width=document["width"],
    )


def fault_of(panel: Panel) -> tuple[str, str] | None:
    """The field that makes the panel impossible, and the fix; None when it can be shown."""
    unknown = [name for name in panel.series if name not in CATALOGUE]
    if unknown:
        return "series", f"There is no series {unknown[0][:60]!r}. GET metrics/current lists them."
    if not 1 <= len(set(panel.series)) == len(panel.series) <= SERIES_MAX:
        return "series", f"Name 1 to {SERIES_MAX} series, each once."
    if not is_dimension(panel.dimension):
        return "dimension", 'Send "", "process:" and a process, or "route:" and a route.'
    if panel.by is not By.SITE and panel.dimension:
        return "by", "Leave dimension empty to break the panel down, or by empty to narrow it."
    if not 1 <= panel.width <= COLUMNS:
        return "width", f"Send a number from 1 to {COLUMNS}."
    return None


def is_dimension(text: str) -> bool:
    """Whether ``text`` can name what a series is measured of."""
    kind, colon, rest = text.partition(":")
    is_known = kind in ("process", "route") and bool(colon) and bool(rest)
    return not text or (is_known and len(text) <= DIMENSION_MAX)
