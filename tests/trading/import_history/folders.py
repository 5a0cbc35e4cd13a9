"""Small history folders on disk for tests."""

import csv
import math
from pathlib import Path

MARKETS = (
    "market_id,source,shareable,question,category,event_group,created,closed,resolved,outcome,mechanism,"
    "volume,volume_unit"
)
PRICES = "market_id,timestamp,price,volume"
TRADES = "market_id,trade_id,timestamp,trader_id,side,shares,cost,price_after"


def write_folder(folder: Path, *, markets: list[str], prices: list[str], trades: list[str] | None = None) -> Path:
    """Rows without their headers."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "markets.csv", MARKETS, markets)
    _write(folder / "prices.csv", PRICES, prices)
    if trades is not None:
        _write(folder / "trades.csv", TRADES, trades)
    return folder


def _write(path: Path, header: str, rows: list[str]) -> None:
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def write_rows(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def market_row(
    market_id: str = "m-1", *, outcome: str = "YES", mechanism: str = "LMSR", closed: str = "2014-10-14T11:00:00Z"
) -> str:
    question = f"Will the study of {market_id} be replicated?"
    return (
        f"{market_id},lab,yes (CC0),{question},science,G1,2014-09-30T13:00:00Z,{closed},,{outcome},{mechanism},,points"
    )


def trade_rows(steps: list[tuple[str, float]], *, market_id: str = "m-1", b: float = 1000.0) -> list[str]:
    """One row a minute from (trader, signed shares), with the prices that a maker rule would show."""
    rows, total = [], 0.0
    for number, (trader, shares) in enumerate(steps):
        total += shares
        side = "buy" if shares > 0 else "sell"
        price = 1 / (1 + math.exp(-total / b))
        at = f"2014-09-30T13:{number:02d}:00Z"
        rows.append(f"{market_id},{100 + number},{at},{trader},{side},{abs(shares)},,{price:.6f}")
    return rows


def price_rows(rows: list[str]) -> list[str]:
    """Price history of the same trades."""
    fields = [row.split(",") for row in rows]
    return [f"{f[0]},{f[2]},{f[7]},1.0" for f in fields]
