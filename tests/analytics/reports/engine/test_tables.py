from datetime import date

from analytics.reports.engine.cells import plain, shown_number, words
from analytics.reports.engine.drawing import Frame, drawing_of
from analytics.reports.engine.naming import file_name
from analytics.reports.engine.tables import chart_of, table_of
from analytics.reports.types import Chart, Definition, Figure, FigureRow, Format, Line

D1, D2, D3 = date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3)
VOLUME = Figure("volume", "Volume", "Sum.", "credits", ("topic",), "p")
SHARE = Figure("yield", "Yield", "A / b.", "share", ("topic",), "p")


def test_every_day_has_a_row_and_what_is_missing_is_empty() -> None:
    definition = Definition("T", ("volume", "yield"))
    found = {"volume": [FigureRow(D1, (), 5), FigureRow(D3, (), 7)], "yield": [FigureRow(D1, (), None)]}
    table = table_of(definition, [VOLUME, SHARE], found, totals={"volume": 12, "yield": 0.5}, days=(D1, D2, D3))
    assert [column.name for column in table.columns] == ["day", "volume", "yield"]
    assert table.rows == ((D1, 5, None), (D2, None, None), (D3, 7, None))
    assert table.totals == ("Total", 12, 0.5)


def test_splits_are_rows_in_order_of_time_and_name() -> None:
    definition = Definition("T", ("volume", "yield"), ("topic",))
    found = {
        "volume": [FigureRow(D1, ("b",), 1), FigureRow(D1, ("a",), 2)],
        "yield": [FigureRow(D2, ("a",), 0.1), FigureRow(D1, ("a",), 0.2)],
    }
    table = table_of(definition, [VOLUME, SHARE], found, totals={}, days=(D1, D2))
    assert table.rows == ((D1, "a", 2, 0.2), (D1, "b", 1, None), (D2, "a", None, 0.1))
    assert table.totals == ("Total", None, None, None)


def test_the_chart_shows_the_largest_five() -> None:
    rows = [FigureRow(D1, (f"topic {number}",), number) for number in range(9)]
    chart = chart_of(Definition("T", ("volume",), ("topic",)), VOLUME, rows, days=(D1, D2))
    assert chart is not None
    assert [line.name for line in chart.lines] == [f"topic {number}" for number in (8, 7, 6, 5, 4)]
    assert chart.lines[0].values == (8.0, None)
    assert chart_of(Definition("T", ("volume",)), VOLUME, [FigureRow(D1, (), 1)], days=(D1,)) is None


def test_a_gap_breaks_the_line_and_a_lonely_point_stays() -> None:
    chart = Chart("Trades", "count", (D1, D2, D3), (Line("Trades", (4.0, None, 10.0)),))
    drawing = drawing_of(chart, Frame(120, 120, left=10, right=10, top=10, bottom=10), say_day=str, say_number=str)
    assert [mark.words for mark in drawing.values] == ["0", "2", "4", "6", "8", "10"]
    assert drawing.lines[0].runs == (((10.0, 50.0),), ((110.0, 110.0),))


def test_the_axis_holds_losses_and_nothing_at_all() -> None:
    losses = Chart("Result", "count", (D1, D2), (Line("Result", (-3.0, 4.0)),))
    marks = [mark.words for mark in drawing_of(losses, Frame(200, 100), say_day=str, say_number=str).values]
    assert marks == ["-4", "-2", "0", "2", "4"]
    flat = Chart("Result", "count", (D1, D2), (Line("R", (None, 0.0)),))
    assert drawing_of(flat, Frame(200, 100), say_day=str, say_number=str).values


def test_values_exact_and_for_eyes() -> None:
    assert plain(123_456_789, "credits") == "1.23456789"
    assert plain(15_000, "shares") == "1.5"
    assert plain(1 / 3, "share") == 0.333333
    assert plain(D1, "day") == "2026-06-01"
    assert plain(None, "credits") is None
    assert words(123_456_789_000, "credits") == "1,234.57"
    assert words(0.125, "share") == "12.5 %"
    assert words(None, "count") == words("", "") == "–"
    assert words(1_234, "count") == "1,234"
    assert shown_number(250_000_000, "credits") == 2.5


def test_a_copy_has_a_name_that_every_system_takes() -> None:
    assert file_name("Übersicht: A/B", D1, D2, Format.PDF) == "ubersicht-a-b-2026-06-01-2026-06-02.pdf"
    assert file_name("日本", D1, D2, Format.CSV) == "report-2026-06-01-2026-06-02.csv"
