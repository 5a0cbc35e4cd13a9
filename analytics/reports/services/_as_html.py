"""A report as one page that needs nothing else: no script, no request, and a style that also prints well."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.template.loader import render_to_string

from analytics.reports.engine.cells import is_number, unit_words
from analytics.reports.engine.drawing import DrawnLine, Frame, Mark, Point, drawing_of
from analytics.reports.services._telling import cell_words, day_words, number_words
from analytics.reports.services.document_style import document_style
from analytics.reports.types import Chart, Contents
from common.languages import code
from common.phrases import said

_FRAME: Final = Frame(760, 240)


@dataclass(frozen=True, slots=True)
class HtmlColumn:
    title: str
    unit: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class SvgLine:
    """``runs`` are the points of polylines, ``dots`` points that stand alone."""

    name: str
    number: int
    runs: tuple[str, ...]
    dots: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Svg:
    """A chart with its origin in the upper left corner, as SVG has it."""

    title: str
    unit: str
    frame: Frame
    values: tuple[Mark, ...]
    times: tuple[Mark, ...]
    lines: tuple[SvgLine, ...]

    @property
    def base(self) -> float:
        return self.frame.height - self.frame.bottom

    @property
    def end(self) -> float:
        return self.frame.width - self.frame.right


def as_html(contents: Contents, made_at: datetime) -> bytes:
    table = contents.table
    columns = [HtmlColumn(one.title, said(unit_words(one.unit)), is_number(one.unit)) for one in table.columns]
    shown = [
        [
            (cell_words(cell, column.unit), is_number(column.unit))
            for cell, column in zip(row, table.columns, strict=True)
        ]
        for row in (*table.rows, table.totals)
    ]
    context = {
        "language": code(),
        "contents": contents,
        "made_at": made_at,
        "columns": columns,
        "rows": shown[:-1],
        "totals": [("" if cell is None and not number else text, number)
                   for (text, number), cell in zip(shown[-1], table.totals, strict=True)],
        "chart": None if contents.chart is None else _svg(contents.chart),
        "style": document_style(),
    }  # fmt: skip
    return render_to_string("analytics/reports/document.html", context).encode()


def _svg(chart: Chart) -> Svg:
    drawing = drawing_of(chart, _FRAME, say_day=day_words, say_number=number_words)
    height = _FRAME.height
    return Svg(
        chart.title,
        said(unit_words(chart.unit)),
        _FRAME,
        tuple(Mark(round(height - mark.place, 2), mark.words) for mark in drawing.values),
        drawing.times,
        tuple(_line(line, number, height) for number, line in enumerate(drawing.lines, start=1)),
    )


def _line(line: DrawnLine, number: int, height: float) -> SvgLine:
    turned = [[(x, round(height - y, 2)) for x, y in run] for run in line.runs]
    return SvgLine(
        line.name,
        number,
        tuple(" ".join(f"{x},{y}" for x, y in run) for run in turned if len(run) > 1),
        tuple(run[0] for run in turned if len(run) == 1),
    )
