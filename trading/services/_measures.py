"""What trading counts and times of itself.

Contract   Orders and trades count once they are committed, each in the process that executed them. An order that
           was answered before counts as ``repeated``.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from common.metrics.registry import Count, registry
from common.money import CASH_SCALE
from trading.services.answer import Answer
from trading.types import CancelOrder, Command, PlaceOrder

MATCH: Final = registry.sketch("match_seconds", "From a command's arrival to its committed answer.").of()
_BATCH: Final = registry.sketch("batch_commands", "Commands executed in one transaction.").of()
_ORDERS: Final = registry.counter("orders_total", "Orders by what became of them.", ["outcome"])
_ACCEPTED: Final = _ORDERS.of("accepted")
_REFUSED: Final = _ORDERS.of("refused")
_REPEATED: Final = _ORDERS.of("repeated")
_CANCELS: Final = registry.counter("cancels_total", "Orders that were cancelled on demand.").of()
_TRADES: Final = registry.counter("trades_total", "Fills that were booked.").of()
_VOLUME: Final = registry.counter("trade_volume_credits_total", "Cost of all fills in credits.").of()


def count_batch(commands: Sequence[Command], answers: Sequence[Answer]) -> None:
    """Count a batch that was committed."""
    _BATCH.record(len(commands))
    counted: dict[Count, int] = defaultdict(int)
    fills = cost = 0
    for command, answer in zip(commands, answers, strict=True):
        if answer.effects is not None and not answer.is_replay:
            fills += len(answer.effects.fills)
            cost += sum(fill.cost for fill in answer.effects.fills)
        if isinstance(command, PlaceOrder):
            counted[_order_counter(answer)] += 1
        elif isinstance(command, CancelOrder) and answer.is_accepted:
            counted[_CANCELS] += 1
    for counter, times in counted.items():
        counter.add(times)
    if fills:
        _TRADES.add(fills)
        _VOLUME.add(cost / CASH_SCALE)


def _order_counter(answer: Answer) -> Count:
    if answer.is_replay:
        return _REPEATED
    return _ACCEPTED if answer.is_accepted else _REFUSED
