"""A report on paper: A4, a chart, the table with its head on each page, numbered pages.

Bound      ``LINES_MAX`` rows, about 200 pages; what is longer is for spreadsheets.
"""

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext
from reportlab.graphics.shapes import Circle, Drawing, PolyLine, String
from reportlab.graphics.shapes import Line as Stroke
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from analytics.reports.engine.cells import is_number
from analytics.reports.engine.drawing import Frame, drawing_of
from analytics.reports.services._pdf_fonts import BOLD, PLAIN, drawable, marked_up, provide_fonts
from analytics.reports.services._telling import cell_words, day_words, head_words, made_words, number_words
from analytics.reports.types import Chart, Contents

_INK, _PALE, _LINE = HexColor("#1b1a18"), HexColor("#5b5852"), HexColor("#e3dfd6")
_COLOURS: Final = tuple(HexColor(code) for code in ("#1d5bb4", "#a4480a", "#0f766e", "#7d3c98", "#8a6d00"))
_MARGIN: Final = 16 * mm
#: More columns than this stand on a page turned sideways.
_COLUMNS_UPRIGHT: Final = 6
#: What reportlab leaves free inside the margins, on either side.
_PADDING: Final = 6.0
_TEXT: Final = ParagraphStyle("text", fontName=PLAIN, fontSize=8.5, leading=11, textColor=_INK)
_SMALL: Final = ParagraphStyle("small", parent=_TEXT, fontSize=7.5, leading=9.5)
_NUMBER: Final = ParagraphStyle("number", parent=_SMALL, alignment=TA_RIGHT)
_TITLE: Final = ParagraphStyle("title", parent=_TEXT, fontName=BOLD, fontSize=17, leading=21)
_HEAD: Final = ParagraphStyle(
    "head", parent=_TEXT, fontName=BOLD, fontSize=11, leading=14, spaceBefore=10, spaceAfter=4
)


def as_pdf(contents: Contents, made_at: datetime) -> bytes:
    provide_fonts()
    file = io.BytesIO()
    size = A4 if len(contents.table.columns) <= _COLUMNS_UPRIGHT else landscape(A4)
    document = SimpleDocTemplate(
        file,
        pagesize=size,
        title=contents.title,
        author="Opinion Market",
        subject=contents.subtitle,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN + 4 * mm,
    )

    class Pages(_NumberedPages):
        words = f"{contents.title} · {contents.subtitle}"

    document.build(list(_story(contents, made_at, document.width - 2 * _PADDING)), canvasmaker=Pages)
    return file.getvalue()


class _NumberedPages(Canvas):
    """Writes the foot of each page at the end, when it is known how many there are."""

    words = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self._write_foot(number, len(self._pages))
            super().showPage()
        super().save()

    def _write_foot(self, number: int, count: int) -> None:
        self.setFont(PLAIN, 7.5)
        self.setFillColor(_PALE)
        self.drawString(_MARGIN, 10 * mm, drawable(self.words)[:110])
        self.drawRightString(self._pagesize[0] - _MARGIN, 10 * mm, _foot(number, count))


def _foot(number: int, count: int) -> str:
    return gettext("Page %(number)s of %(count)s") % {"number": number, "count": count}


def _story(contents: Contents, made_at: datetime, width: float) -> Iterator[Flowable]:
    yield Paragraph(marked_up(contents.title), _TITLE)
    made = (gettext("Made"), made_words(made_at))
    for name, value in (*contents.facts, made):
        yield Paragraph(f'<font color="#5b5852">{marked_up(name)}:</font> {marked_up(value)}', _TEXT)
    if contents.chart is not None:
        yield Paragraph(marked_up(head_words(contents.chart.title, contents.chart.unit)), _HEAD)
        yield _drawn(contents.chart, width)
        if len(contents.chart.lines) > 1:
            yield Paragraph(_key(contents.chart), _SMALL)
    yield Paragraph(gettext("Figures"), _HEAD)
    yield _table(contents, width)
    yield Spacer(1, 4)
    yield Paragraph(gettext("What the figures mean"), _HEAD)
    for name, formula in contents.notes:
        yield Paragraph(f"<b>{marked_up(name)}</b> {marked_up(formula)}", _TEXT)


def _table(contents: Contents, width: float) -> Flowable:
    columns = contents.table.columns
    heads = [head_words(one.title, one.unit) for one in columns]
    lines: list[list[Any]] = [
        [Paragraph(marked_up(head), _NUMBER if is_number(one.unit) else _SMALL)
         for head, one in zip(heads, columns, strict=True)],
        *([_cell(cell_words(cell, one.unit), one.unit) for cell, one in zip(row, columns, strict=True)]
          for row in contents.table.rows),
        [_cell("" if cell is None and not is_number(one.unit) else cell_words(cell, one.unit), one.unit)
         for cell, one in zip(contents.table.totals, columns, strict=True)],
    ]  # fmt: skip
    first = 24 * mm
    widths = [first, *([(width - first) / (len(columns) - 1)] * (len(columns) - 1))]
    numbers = [place for place, one in enumerate(columns) if is_number(one.unit)]
    style = [
        ("FONT", (0, 0), (-1, -1), PLAIN, 7.5),
        ("TEXTCOLOR", (0, 0), (-1, -1), _INK),
        ("LINEBELOW", (0, 0), (-1, 0), 0.7, _PALE),
        ("LINEBELOW", (0, 1), (-1, -3), 0.3, _LINE),
        ("LINEABOVE", (0, -1), (-1, -1), 0.7, _PALE),
        ("FONT", (0, -1), (-1, -1), BOLD, 7.5),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        *(("ALIGN", (place, 0), (place, -1), "RIGHT") for place in numbers),
    ]
    return LongTable(lines, colWidths=widths, repeatRows=1, style=TableStyle(style))


def _cell(text: str, unit: str) -> Any:
    # Numbers and days need no paragraph, which costs a hundred times as much as a text.
    return text if unit else Paragraph(marked_up(text), _SMALL)


def _key(chart: Chart) -> str:
    names = (
        f'<font color="{colour.hexval().replace("0x", "#")}">{drawable("■")}</font> {marked_up(line.name)}'
        for line, colour in zip(chart.lines, _COLOURS, strict=False)
    )
    return " &#160; ".join(names)


def _drawn(chart: Chart, width: float) -> Drawing:
    frame = Frame(width, 150.0, left=44.0)
    plan, drawing = drawing_of(chart, frame, say_day=day_words, say_number=number_words), Drawing(width, 150.0)
    for mark in plan.values:
        drawing.add(Stroke(frame.left, mark.place, width - frame.right, mark.place, strokeColor=_LINE, strokeWidth=0.5))
        drawing.add(_label(frame.left - 5, mark.place - 2.5, mark.words, "end"))
    for number, mark in enumerate(plan.times):
        anchor = "start" if number == 0 else "end" if mark is plan.times[-1] else "middle"
        drawing.add(_label(mark.place, frame.bottom - 13, mark.words, anchor))
    for line, colour in zip(plan.lines, _COLOURS, strict=False):
        for run in line.runs:
            drawing.add(_stroke(run, colour))
    return drawing


def _stroke(run: tuple[tuple[float, float], ...], colour: Color) -> Any:
    if len(run) == 1:
        return Circle(run[0][0], run[0][1], 1.6, fillColor=colour, strokeColor=None)
    return PolyLine([number for point in run for number in point], strokeColor=colour, strokeWidth=1.2)


def _label(x: float, y: float, text: str, anchor: str) -> String:
    return String(x, y, drawable(text), fontName=PLAIN, fontSize=7, fillColor=_PALE, textAnchor=anchor)
