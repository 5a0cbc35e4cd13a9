"""The demo's own markets, from ``demo/data/markets.toml``."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

from demo.types import DemoMarket

_FILE: Final = Path(__file__).resolve().parents[1] / "data" / "markets.toml"


@cache
def demo_markets() -> tuple[DemoMarket, ...]:
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))["market"]
    return tuple(_market(table) for table in tables)


def _market(table: dict[str, Any]) -> DemoMarket:
    """A binary market's chance of no is what is left."""
    chances, outcomes = tuple(table["chance"]), tuple(table.get("outcomes", ()))
    return DemoMarket(
        topic=table["topic"],
        slug=table["slug"],
        question=table["question"],
        closes_at=table["closes_at"],
        chances=chances if outcomes else (chances[0], 1 - chances[0]),
        rules=table["rules"],
        source=table["source"],
        description=table["description"],
        tags=tuple(table["tags"]),
        liquidity=table["liquidity"],
        outcomes=outcomes,
    )
