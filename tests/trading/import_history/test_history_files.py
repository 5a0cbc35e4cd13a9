"""Reading a folder: what it holds, or every mistake in it."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.trading.import_history.folders import MARKETS, market_row, price_rows, trade_rows, write_folder
from trading.services import _history_fields as fields
from trading.services._history_files import HistoryMistakes, PricePoint, read_folder, source_folders

STEPS = [("ann", 100.0), ("bea", -60.0), ("ann", -150.0)]


def mistakes_of(folder: Path) -> list[str]:
    with pytest.raises(HistoryMistakes) as caught:
        read_folder(folder)
    return [str(mistake).removeprefix(f"{folder}/") for mistake in caught.value.mistakes]


def test_a_folder_is_read_in_time_order(tmp_path: Path) -> None:
    rows = trade_rows(STEPS)
    folder = write_folder(tmp_path, markets=[market_row()], prices=price_rows(rows)[::-1], trades=rows[::-1])

    (market,) = read_folder(folder)

    assert (market.source, market.source_id, market.payouts) == ("lab", "m-1", (10_000, 0))
    assert (market.category, market.event_group, market.licence) == ("science", "G1", "yes (CC0)")
    assert [(t.trader_id, t.shares) for t in market.trades] == [
        ("ann", Decimal("100.0")),
        ("bea", Decimal("-60.0")),
        ("ann", Decimal("-150.0")),
    ]
    assert market.prices[0] == PricePoint(datetime(2014, 9, 30, 13, 0, tzinfo=UTC), 524_979)
    assert market.opens_at == datetime(2014, 9, 30, 13, 0, tzinfo=UTC)
    assert market.closes_at == datetime(2014, 10, 14, 11, 0, tzinfo=UTC)


def test_a_parent_folder_holds_sources(tmp_path: Path) -> None:
    for name in ("b", "a"):
        write_folder(tmp_path / name, markets=[market_row()], prices=[])
    (tmp_path / "notes").mkdir()

    assert [path.name for path in source_folders(tmp_path)] == ["a", "b"]
    assert source_folders(tmp_path / "a") == [tmp_path / "a"]


def test_every_mistake_is_named_by_file_and_line(tmp_path: Path) -> None:
    rows = trade_rows(STEPS)
    rows[0] = rows[0].replace(",buy,", ",hold,")
    rows[1] = rows[1].replace(",60.0,", ",-60.0,")
    rows[2] = rows[2].replace("2014-09-30T13:02:00Z", "yesterday")
    folder = write_folder(
        tmp_path,
        markets=[market_row(), market_row(), market_row("m-2", outcome="PERHAPS"), "m-3,lab"],
        prices=["m-1,2014-09-30T13:00:00Z,1.5,1", "m-9,2014-09-30T13:00:00Z,0.5,1", "m-1,2014-09-30,nan,"],
        trades=[*rows, "m-1,100,2014-09-30T13:09:00Z,ann,buy,1,,0.5"],
    )

    assert mistakes_of(folder) == [
        "markets.csv:3: market_id 'm-1' is already on line 2",
        "markets.csv:4: outcome is 'PERHAPS'; expected YES, NO, VOID or a number from 0 to 1",
        "markets.csv:5: has 2 fields where the header has 13",
        "prices.csv:2: price is '1.5'; it has to be from 0 to 1",
        "prices.csv:3: market_id 'm-9' is not in markets.csv",
        "prices.csv:4: price is 'nan', not a number",
        "trades.csv:2: side is 'hold'; expected buy or sell",
        "trades.csv:3: shares is '-60.0'; it has to be more than 0 and at most 100000000",
        "trades.csv:4: timestamp is 'yesterday', not a time such as 2024-03-07T16:00:00Z",
        "trades.csv:5: trade_id '100' of this market is already on line 2",
    ]


def test_the_line_is_where_the_record_begins(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, markets=[market_row()], prices=['"m-1\nm-2",2014-09-30,0.5,', "m-1,x,0.5,"])

    assert [text.split(": ")[0] for text in mistakes_of(folder)] == ["prices.csv:2", "prices.csv:4"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "markets.csv:1: is empty; a header line is expected"),
        (b"market_id,source\n", "markets.csv:1: has no column question, outcome, mechanism"),
        (MARKETS.encode() + b"\nm-1,\xff\n", "markets.csv:2: byte 0xff is not UTF-8"),
        (MARKETS.encode() + b'\nm-1,"lab', "markets.csv:2: is not CSV: unexpected end of data"),
        (MARKETS.encode() + b"\nm-1,\0" + b"," * 11 + b"\n", "markets.csv:2: holds a NUL character"),
    ],
)
def test_a_broken_file_is_a_mistake(tmp_path: Path, data: bytes, expected: str) -> None:
    folder = write_folder(tmp_path, markets=[], prices=[])
    (folder / "markets.csv").write_bytes(data)

    assert mistakes_of(folder) == [expected]


def test_a_missing_file_is_a_mistake(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, markets=[market_row()], prices=[])
    (folder / "prices.csv").unlink()

    assert mistakes_of(folder) == ["prices.csv:1: can't be read: No such file or directory"]


def test_windows_files_read_alike(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, markets=[market_row()], prices=["m-1,2014-09-30,0.5,"])
    path = folder / "prices.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))

    assert read_folder(folder)[0].prices == [PricePoint(datetime(2014, 9, 30, tzinfo=UTC), 500_000)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014-09-30T13:20:00Z", datetime(2014, 9, 30, 13, 20, tzinfo=UTC)),
        ("2014-09-30T13:20:00+02:00", datetime(2014, 9, 30, 11, 20, tzinfo=UTC)),
        ("2014-09-30 13:20", datetime(2014, 9, 30, 13, 20, tzinfo=UTC)),
        ("2024-03-07", datetime(2024, 3, 7, tzinfo=UTC)),
        ("2024-03-07#16-FIRST_BOUNCE", datetime(2024, 3, 7, 2, 40, tzinfo=UTC)),
        ("2024-03-07#25-APPROX_THREE_QUARTER_TIME", datetime(2024, 3, 7, 4, 10, tzinfo=UTC)),
    ],
)
def test_moments(text: str, expected: datetime) -> None:
    assert fields.moment(text) == expected


@pytest.mark.parametrize("text", ["", "2014-13-01", "2024-03-07#FIRST_BOUNCE", "0001-01-01T00:00:00+14:00", "now"])
def test_no_moments(text: str) -> None:
    with pytest.raises(ValueError, match=r"is (empty|.*, not a time)"):
        fields.moment(text)


def test_a_date_lasts_until_its_end() -> None:
    assert fields.end_of("2024-03-07") == datetime(2024, 3, 8, tzinfo=UTC)
    assert fields.end_of("2024-03-07T10:00:00Z") == datetime(2024, 3, 7, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("YES", (10_000, 0)), ("no", (0, 10_000)), ("0.3", (3_000, 7_000)), ("N/A", None)],
)
def test_outcomes(text: str, expected: tuple[int, int] | None) -> None:
    assert fields.payouts(text) == expected
