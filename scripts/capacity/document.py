"""The computed parts of docs/capacity.md, between its markers."""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, Final

from scripts.capacity.model import SIZES, Habits, Units, limits, need_of, number, table_of

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
GUIDE: Final = DOCS / "capacity.md"
MEASURED: Final = DOCS / "capacity.json"
_TITLES: Final = {
    "web_ms_per_order": "CPU of web processes for one order, ms",
    "database_ms_per_order": "CPU of PostgreSQL for one order, ms",
    "redis_ms_per_order": "CPU of Redis for one order, ms",
    "redis_ms_per_hearing": "CPU of Redis to tell one web process of one commit, ms",
    "proxy_ms_per_order": "CPU of nginx for one order, ms",
    "web_ms_per_read": "CPU of web processes for one read, ms",
    "database_ms_per_read": "CPU of PostgreSQL for one read, ms",
    "web_ms_per_frame": "CPU of web processes for one frame to one socket, ms",
    "web_bytes_per_socket": "memory of one socket, kB",
    "wal_bytes_per_order": "WAL of one order with its trades, kB",
    "disk_bytes_per_order": "tables and indexes of one order with its trades, kB",
    "trades_per_order": "trades of one order",
    "web_process_bytes": "memory of a web process, MB",
}
_SCALE: Final = {
    "web_bytes_per_socket": 1e3, "wal_bytes_per_order": 1e3, "disk_bytes_per_order": 1e3, "web_process_bytes": 1e6,
}  # fmt: skip
_HABITS: Final = {
    "online_share": "of all traders online at the busiest hour",
    "orders_per_online_minute": "orders of each a minute, cancels among them",
    "reads_per_online_minute": "pages and API reads of each a minute",
    "frames_per_socket_s": "frames to each a second, over one socket",
    "peak_over_mean": "the busiest hour's rate over the day's mean",
    "hot_share": "of all orders on the hottest market",
    "full_at": "of a core that may be used",
    "cores_of_one_database": "cores of the largest PostgreSQL that you would run",
    "sockets_per_process": "sockets of a web process (`STREAM_CONNECTIONS_MAX`)",
    "wal_bytes_per_second_max": "bytes of WAL a second that its disk keeps up with",
}


def written(text: str, measured: dict[str, Any]) -> str:
    """``text`` of the guide with its computed parts made anew."""
    units, habits = Units(**measured["units"]), Habits()
    needs = [need_of(size, units, habits) for size in SIZES]
    parts = {
        "units": f"{measured['where']}\n\n" + _table(["one costs", ""], _unit_rows(units)),
        "habits": _table(["habit", ""], [[_HABITS[name], f"{value:,g}"] for name, value in asdict(habits).items()]),
        "needs": _table(["at the busiest hour, traders:", *(f"{size:,}" for size in SIZES)], table_of(needs)),
        "limits": _table(
            ["full", "at so many traders", "then"],
            [
                [limit.what, number(limit.traders), limit.then]
                for limit in limits(units, habits, market_orders_per_s=measured["market_orders_per_s"])
            ],
        ),
    }
    for name, part in parts.items():
        pattern = rf"(?<=<!-- computed: {name} -->\n).*?(?=<!-- /computed: {name} -->)"
        text, count = re.subn(pattern, f"\n{part}\n".replace("\\", r"\\"), text, flags=re.DOTALL)
        assert count == 1, f"docs/capacity.md has {count} places for {name}"
    return text


def write() -> None:
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))
    GUIDE.write_text(written(GUIDE.read_text(encoding="utf-8"), measured), encoding="utf-8")


def _unit_rows(units: Units) -> list[list[str]]:
    return [
        [_TITLES[unit.name], number(getattr(units, unit.name) / _SCALE.get(unit.name, 1.0))] for unit in fields(units)
    ]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
