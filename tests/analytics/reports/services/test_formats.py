"""Each format, opened with a reader of its own, says what the database says."""

import csv
import io
import json
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pypdf
import pytest

from accounts.models import User
from analytics.business.selectors.metric_rows import metric_rows
from analytics.business.types import Dimension
from analytics.business.types import Grain as BusinessGrain
from analytics.reports.services._rendering import rendered
from analytics.reports.types import Column, Contents, Format, Period, Table
from common.money import format_cash
from tests.analytics.business import oracle
from tests.analytics.business.days import FIRST, Days
from tests.analytics.reports.made import content_of, made_report

pytestmark = pytest.mark.django_db
FIRST_ON, LAST_ON = FIRST.date(), FIRST.date() + timedelta(days=2)
SPAN: dict[str, Any] = {"period": Period.CUSTOM, "first_on": FIRST_ON, "last_on": LAST_ON}
WRITTEN = datetime.fromisoformat("2026-06-04T12:00:00+00:00")


def days() -> list[dict[str, int]]:
    figures = oracle.figures()
    return [figures[FIRST_ON + timedelta(days=day)] for day in range(3)]


def test_csv_is_what_was_traded_to_the_unit(analyst: User, traded: Days) -> None:
    report = made_report(analyst, metrics=("volume", "trades", "fee_yield"), **SPAN)
    rows = list(csv.reader(io.StringIO(content_of(report).decode())))
    assert rows[0] == ["day", "volume", "trades", "fee_yield"]
    expected = [[format_cash(day["volume"]), str(day["trades"])] for day in days()]
    assert [row[1:3] for row in rows[1:]] == expected
    assert [row[0] for row in rows[1:]] == ["2026-06-01", "2026-06-02", "2026-06-03"]
    assert sum(day["trades"] for day in days()) > 0


def test_json_has_names_units_and_totals(analyst: User, traded: Days) -> None:
    report = made_report(analyst, format=Format.JSON, dimensions=("topic",), **SPAN)
    document = json.loads(content_of(report))
    by_topic = metric_rows(
        metric="volume",
        start=FIRST_ON,
        end=LAST_ON + timedelta(days=1),
        grain=BusinessGrain.DAY,
        dimensions=[Dimension.TOPIC],
    )
    assert [row[:3] for row in document["rows"]] == [
        [row.start.isoformat(), row.dimensions[0], format_cash(int(row.value or 0))] for row in by_topic
    ]
    assert [(column["name"], column["unit"]) for column in document["columns"]] == [
        ("day", "day"), ("topic", None), ("volume", "credits"), ("trades", "count"),
    ]  # fmt: skip
    volume = sum(day["volume"] for day in days())
    assert document["totals"] == ["Total", None, format_cash(volume), sum(day["trades"] for day in days())]


def test_xlsx_has_typed_cells(analyst: User, traded: Days) -> None:
    report = made_report(analyst, format=Format.XLSX, metrics=("trades", "volume"), **SPAN)
    book = openpyxl.load_workbook(io.BytesIO(content_of(report)))
    sheet = book["Report"]
    assert [cell.value for cell in sheet[1]] == ["Day", "Trades", "Volume, credits"]
    for number, day in enumerate(days()):
        cells = sheet[number + 2]
        assert cells[0].value == datetime.combine(FIRST_ON + timedelta(days=number), datetime.min.time())
        assert (cells[1].data_type, cells[1].value) == ("n", day["trades"])
        assert (cells[2].data_type, cells[2].value) == ("n", float(format_cash(day["volume"])))
    assert sheet.cell(5, 1).value == "Total"
    assert sheet.cell(5, 2).value == sum(day["trades"] for day in days())
    assert book["About"]["B1"].value == "Trading"
    book.close()


def test_pdf_has_figures_a_chart_pages_and_letters_of_the_world(analyst: User, traded: Days) -> None:
    title = "Übersicht Ελλάδα Žluťoučký 日本 한국"
    report = made_report(analyst, format=Format.PDF, title=title, metrics=("volume", "trades"), **SPAN)
    reader = pypdf.PdfReader(io.BytesIO(content_of(report)))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "Übersicht Ελλάδα Žluťoučký" in text
    assert "日本" in text
    assert "한국" in text
    for day in days():
        assert f"{day['volume'] / 10**8:,.2f}" in text
    assert f"Page 1 of {len(reader.pages)}" in text
    fonts = str(reader.pages[0]["/Resources"]["/Font"].get_object())  # type: ignore[index]
    assert "DejaVuSans" in fonts or "+DejaVu" in text or any("F" in name for name in fonts)
    drawn = reader.pages[0].get_contents()
    assert drawn is not None
    # Lines of the chart are strokes in its colour.
    assert b" l " in drawn.get_data()


def test_html_needs_nothing_else_and_runs_nothing(analyst: User, traded: Days) -> None:
    report = made_report(analyst, format=Format.HTML, title="<script>alert(1)</script>", **SPAN)
    page = content_of(report).decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "href" not in page
    assert "src=" not in page
    assert "<polyline" in page
    assert f"{days()[0]['volume'] / 10**8:,.2f}" in page
    assert "@media print" in page


def _contents(*texts: str) -> Contents:
    columns = (Column("day", "Day", "day"), Column("market", "Market", ""), Column("volume", "Volume", "credits"))
    rows = tuple((FIRST_ON, text, 10**17 + 1) for text in texts)
    return Contents("T", "S", (), Table(columns, rows, ("Total", None, None)), None, ())


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "＝1"])
def test_no_format_lets_a_text_become_a_formula(text: str) -> None:
    content, _ = rendered(_contents(text), Format.CSV, WRITTEN)
    assert list(csv.reader(io.StringIO(content.decode())))[1][1] == f"'{text}"
    content, _ = rendered(_contents(text), Format.XLSX, WRITTEN)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell = book["Report"]["B2"]
    assert (cell.data_type, cell.value) == ("s", text)
    book.close()


def test_an_amount_that_a_spreadsheet_would_round_is_a_text() -> None:
    content, _ = rendered(_contents("a"), Format.XLSX, WRITTEN)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book["Report"]["C2"].value == "1000000000.00000001"
    book.close()


def test_many_rows_turn_pages(analyst: User, traded: Days) -> None:
    first_on = FIRST_ON - timedelta(days=120)
    report = made_report(analyst, format=Format.PDF, period=Period.CUSTOM, first_on=first_on, last_on=LAST_ON)
    reader = pypdf.PdfReader(io.BytesIO(content_of(report)))
    assert len(reader.pages) >= 3
    texts = [page.extract_text() for page in reader.pages]
    assert all(f"Page {number} of {len(texts)}" in text for number, text in enumerate(texts, start=1))
    assert sum("Volume, credits" in text for text in texts) == len(texts)


def test_what_people_read_is_in_the_owners_language_and_files_for_programs_are_not(analyst: User, traded: Days) -> None:
    User.objects.filter(pk=analyst.pk).update(language="de")
    shape: dict[str, Any] = {"metrics": ("volume", "trades", "fee_yield"), **SPAN}
    made = {one: content_of(made_report(analyst, format=one, **shape)) for one in Format}
    html = made[Format.HTML].decode()
    assert '<html lang="de">' in html
    assert "1. Juni 2026 bis 3. Juni 2026" in html
    assert "ganze Tage in UTC" in html
    assert "<td>1. Jun 2026</td>" in html
    pages = pypdf.PdfReader(io.BytesIO(made[Format.PDF])).pages
    text = "".join(page.extract_text() for page in pages)
    assert f"Seite 1 von {len(pages)}" in text
    assert "Was die Zahlen bedeuten" in text
    for english in ("Period:", "whole days", "nothing", "everything", "Figures", "Page ", "Total", "Made"):
        assert english not in text
        assert english not in html
    book = openpyxl.load_workbook(io.BytesIO(made[Format.XLSX]))
    assert book.sheetnames == ["Bericht", "Über diesen Bericht"]
    assert [cell.value for cell in book.worksheets[0][1]][:2] == ["Tag", "Volumen, Credits"]
    assert made[Format.CSV].decode().splitlines()[0] == "day,volume,trades,fee_yield"
    assert json.loads(made[Format.JSON])["period"] == "1 June 2026 to 3 June 2026"


def test_the_same_report_in_two_languages_is_two_files(analyst: User, operator: User, traded: Days) -> None:
    User.objects.filter(pk=operator.pk).update(language="de")
    english, german = (made_report(who, format=Format.HTML, **SPAN) for who in (analyst, operator))
    assert english.result_id != german.result_id
    assert b"Was die Zahlen bedeuten" in content_of(german)
    assert b"What the figures mean" in content_of(english)
    files = [made_report(who, format=Format.CSV, **SPAN).result_id for who in (analyst, operator)]
    assert len(set(files)) == 1
