"""What is kept of an answer beside the document that was told of it, without the product's code.

An answer to an order is kept as ``[form, values of the order, fills, cash, held]``; any other as its document.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from scripts.storm.checker.units import cash_units, lots, ticks

Parse = Callable[[Any], Any]


def _as_it_is(value: Any) -> Any:
    return value


#: The values of an order in their order: where the document says it, and how to read that.
_ORDER: Final[tuple[tuple[str, Parse], ...]] = (
    ("id", _as_it_is), ("market_id", _as_it_is), ("outcome", _as_it_is), ("side", _as_it_is), ("type", _as_it_is),
    ("time_in_force", _as_it_is), ("price", ticks), ("trigger_price", ticks), ("quantity", lots),
    ("max_cost", cash_units), ("min_proceeds", cash_units), ("post_only", _as_it_is), ("reduce_only", _as_it_is),
    ("self_trade_policy", _as_it_is), ("until", _as_it_is), ("client_order_id", _as_it_is),
    ("linked_order_id", _as_it_is), ("order_group_id", _as_it_is), ("status", _as_it_is), ("filled", lots),
    ("remaining", lots), ("cost", cash_units), ("fee", cash_units), ("seq", _as_it_is), ("created_at", _as_it_is),
    ("updated_at", _as_it_is),
)  # fmt: skip
_FILL: Final[tuple[tuple[str, Parse], ...]] = (
    ("id", _as_it_is), ("kind", _as_it_is), ("price", ticks), ("quantity", lots), ("cost", cash_units),
    ("fee", cash_units),
)  # fmt: skip


def is_kept_as(kept: Any, document: Mapping[str, Any]) -> bool:
    """Whether ``kept`` says what ``document`` says."""
    if not isinstance(kept, list):
        return bool(kept == document)
    order = {**document, "until": document["valid_until"] or document["expires_at"]}
    account = document["account"]
    return kept == [
        1,
        _values(order, _ORDER),
        [_values(fill, _FILL) for fill in document["fills"]],
        cash_units(account["cash"]),
        cash_units(account["held"]),
    ]


def _values(document: Mapping[str, Any], fields: tuple[tuple[str, Parse], ...]) -> list[Any]:
    return [None if document[name] is None else parse(document[name]) for name, parse in fields]
