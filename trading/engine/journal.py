"""Effects as journal records.

Contract   ``from_record(to_record(effects)) == effects``, through JSON text as well. Records are compact:
           integers, short keys, lists by position in the order of the dataclass fields.
"""

from collections.abc import Sequence
from typing import Any

from trading.engine.rows import (
    Row,
    command_from,
    fill_from,
    row_of_command,
    row_of_fill,
    row_of_view,
    side_from,
    spec_from,
    view_from,
)
from trading.types import Command, Effects, LevelChange, OrderView, PlaceOrder, Provision

Record = dict[str, Any]


def to_record(effects: Effects) -> Record:
    """A JSON-ready record of one accepted command."""
    record: Record = {
        "c": row_of_command(effects.command),
        "o": [row_of_view(view, effects.command) for view in effects.orders],
        "f": [row_of_fill(fill) for fill in effects.fills],
        "l": [(level.outcome, level.side, level.price, level.change) for level in effects.levels],
        "cash": list(effects.cash.items()),
        "held": list(effects.held.items()),
        "sh": [(party, outcome, change) for (party, outcome), change in effects.shares.items()],
        "shh": [(party, outcome, change) for (party, outcome), change in effects.shares_held.items()],
        "q": effects.maker_quantities,
        "p": effects.prices,
    }
    if effects.provision is not None:
        record["lp"] = tuple(effects.provision)
    return record


def from_record(record: Record) -> Effects:
    """The effects that a record tells of."""
    command = command_from(record["c"])
    return Effects(
        command=command,
        orders=[_view_from(row, command) for row in record["o"]],
        fills=[fill_from(row) for row in record["f"]],
        levels=[LevelChange(outcome, side_from(side), price, size) for outcome, side, price, size in record["l"]],
        cash=dict(record["cash"]),
        held=dict(record["held"]),
        shares={(party, outcome): change for party, outcome, change in record["sh"]},
        shares_held={(party, outcome): change for party, outcome, change in record["shh"]},
        maker_quantities=tuple(record["q"]),
        prices=tuple(record["p"]),
        provision=provision_from(record["lp"]) if "lp" in record else None,
    )


def _view_from(row: Row, command: Command) -> OrderView:
    if row[0] is not None:
        return view_from(row, spec_from(row[0]))
    assert isinstance(command, PlaceOrder)
    return view_from(row, command.spec)


def provision_from(row: Sequence[Any]) -> Provision:
    lots, liquidity, cash, sets, shares = row
    return Provision(lots, liquidity, cash, sets, tuple(shares))
