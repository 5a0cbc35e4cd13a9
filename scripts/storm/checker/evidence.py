"""All that a run left behind: notes of the clients, faults, journal and final rows, read from plain files.

Contract   Nothing here talks to the product; a directory that was kept can be checked anywhere, years later.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scripts.storm.checker.history import Command, commands_from, notes_in

Row = dict[str, Any]
#: Tables as they are exported, one file each.
TABLES: Final = (
    "markets", "events", "orders", "trades", "submissions", "accounts", "positions", "transfers", "entries",
)  # fmt: skip


@dataclass(slots=True)
class Evidence:
    """Rows are dicts by column name; ``events`` are ordered by market and ``seq``, ``entries`` by id."""

    commands: dict[str, Command] = field(default_factory=dict)
    faults: list[Row] = field(default_factory=list)
    run: Row = field(default_factory=dict)
    markets: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    orders: list[Row] = field(default_factory=list)
    trades: list[Row] = field(default_factory=list)
    submissions: list[Row] = field(default_factory=list)
    accounts: list[Row] = field(default_factory=list)
    positions: list[Row] = field(default_factory=list)
    transfers: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)


def read_evidence(directory: Path) -> Evidence:
    """Evidence of the run that was kept in ``directory``."""
    tables = {name: _rows(directory / f"{name}.jsonl") for name in TABLES}
    run = directory / "run.json"
    return Evidence(
        commands=commands_from(notes_in(directory)),
        faults=_rows(directory / "faults.jsonl"),
        run=json.loads(run.read_text(encoding="utf-8")) if run.exists() else {},
        **tables,
    )


def _rows(file: Path) -> list[Row]:
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
