"""The engine over the commands of one batch, with what was answered before left alone.

Contract   Pure but for the state it is given. The same client order id twice in one batch counts as a
           repetition, just as across batches.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from trading.engine.apply import Funds, apply
from trading.engine.state import MarketState
from trading.services.answer import Answer
from trading.types import CancelOrder, Command, Effects, PlaceOrder, Refusal

REUSED: Final = Refusal(
    "order.client_order_id_reused",
    "This client_order_id was used for another order; send a new one with each new order.",
    "/client_order_id",
)


class StaleFunds(Exception):
    """A taker's balance changed between reading and locking it, in a way that may matter."""


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """A stored submission."""

    digest: bytes
    answer: Answer


Key = tuple[int, str]
FirstAnswers = Mapping[Key, FirstAnswer]


@dataclass(slots=True)
class Outcome:
    """What became of one command: ``effects`` and ``seq``, or ``refusal``, or the ``first`` answer again,
    or the answer of the batch's item number ``twin_of``."""

    command: Command
    effects: Effects | None = None
    refusal: Refusal | None = None
    first: Answer | None = None
    twin_of: int | None = None

    @property
    def is_new(self) -> bool:
        """The command was decided now, so a client order id is spent on it."""
        return self.first is None and self.twin_of is None and self.refusal is not REUSED


def key_of(command: Command) -> Key | None:
    if isinstance(command, CancelOrder) or not command.client_order_id:
        return None
    return command.user_id, command.client_order_id


def run_commands(
    state: MarketState,
    commands: Sequence[Command],
    *,
    first_answers: FirstAnswers,
    order_ids: Sequence[int],
    funds: Funds,
    now: datetime,
) -> list[Outcome]:
    """Apply ``commands`` in order. Effects: ``state`` and ``funds`` move on with every accepted one."""
    ids = iter(order_ids)
    seen: dict[Key, int] = {}
    outcomes: list[Outcome] = []
    for number, command in enumerate(commands):
        repeated = _repeated(command, commands, seen, first_answers)
        if repeated is None:
            outcomes.append(_applied(state, command, ids, funds, now))
            key = key_of(command)
            if key is not None:
                seen[key] = number
        else:
            outcomes.append(repeated)
    return outcomes


def _repeated(
    command: Command, commands: Sequence[Command], seen: Mapping[Key, int], first_answers: FirstAnswers
) -> Outcome | None:
    key = key_of(command)
    if key is None:
        return None
    assert not isinstance(command, CancelOrder)
    if key in first_answers:
        first = first_answers[key]
        is_same = first.digest == command.request_digest
        return Outcome(command, first=first.answer) if is_same else Outcome(command, refusal=REUSED)
    if key in seen:
        twin = commands[seen[key]]
        assert not isinstance(twin, CancelOrder)
        is_same = twin.request_digest == command.request_digest
        return Outcome(command, twin_of=seen[key]) if is_same else Outcome(command, refusal=REUSED)
    return None


def _applied(state: MarketState, command: Command, ids: Iterator[int], funds: Funds, now: datetime) -> Outcome:
    if isinstance(command, PlaceOrder):
        command = PlaceOrder(command.user_id, command.spec, command.client_order_id, command.request_digest, next(ids))
    result = apply(state, command, funds, now)
    if isinstance(result, Effects):
        return Outcome(command, effects=result)
    return Outcome(command, refusal=result)
