"""The demo's own markets, from ``demo/data/markets.toml``, and those that are over, from ``ended.toml``."""

import tomllib
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from demo.types import DemoMarket, EndedMarket
from markets.types import MarketKind, ScaleSpec

_DATA: Final = Path(__file__).resolve().parents[1] / "data"


@cache
def demo_markets() -> tuple[DemoMarket, ...]:
    return tuple(_market(table) for table in _tables("markets.toml"))


def ended_markets(now: datetime) -> tuple[EndedMarket, ...]:
    """The markets that were over when the demo was made ``now``, those that opened first first."""
    return tuple(_ended(table, now) for table in _tables("ended.toml"))


@cache
def _tables(name: str) -> list[dict[str, Any]]:
    tables: list[dict[str, Any]] = tomllib.loads((_DATA / name).read_text(encoding="utf-8"))["market"]
    return tables


def _ended(table: dict[str, Any], now: datetime) -> EndedMarket:
    closes_at = (now - timedelta(days=table["closed"])).replace(hour=23, minute=59, second=0, microsecond=0)
    day = f"{closes_at.day} {closes_at:%B %Y}"
    told = {name: table[name].replace("{closes}", day) for name in ("question", "rules")}
    return EndedMarket(
        market=_market({**table, **told, "closes_at": closes_at}),
        opened_at=now - timedelta(days=table["opened"]),
        last=_chances(table, "last"),
        payouts=tuple(table["payouts"]),
        reason=table["reason"],
        dispute=table.get("dispute", ""),
    )


def _market(table: dict[str, Any]) -> DemoMarket:
    return DemoMarket(
        topic=table["topic"],
        slug=table["slug"],
        question=table["question"],
        closes_at=table["closes_at"],
        chances=_chances(table, "chance"),
        rules=table["rules"],
        source=table["source"],
        description=table["description"],
        tags=tuple(table["tags"]),
        liquidity=table["liquidity"],
        kind=_kind(table),
        outcomes=tuple(table.get("outcomes", ())),
        scale=_scale(table),
        event=table.get("event", ""),
    )


def _kind(table: dict[str, Any]) -> MarketKind:
    """Only scales need to be told apart: nobody sees from their bounds what those are."""
    if "kind" in table:
        return MarketKind(table["kind"])
    return MarketKind.CATEGORICAL if table.get("outcomes") else MarketKind.BINARY


def _scale(table: dict[str, Any]) -> ScaleSpec | None:
    if "scale" not in table:
        return None
    return ScaleSpec(**{**table["scale"], "bounds": tuple(table["scale"].get("bounds", ()))})


def _chances(table: dict[str, Any], name: str) -> tuple[float, ...]:
    """A binary market's chance of no is what is left."""
    chances = tuple(table[name])
    return chances if len(chances) > 1 else (chances[0], 1 - chances[0])
