"""The engine over the commands of one batch, with what was answered before left alone.

Contract   Pure but for the state it is given. The same client order id twice in one batch counts as a
           repetition, just as across batches.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from trading.engine.apply import Funds, apply
from trading.engine.state import MarketState
from trading.services._groups import GroupMeters
from trading.services.answer import Answer
from trading.types import AmendOrder, CancelOrder, Command, Effects, OrderSpec, PlaceOrder, PlacePair, Refusal

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
    #: Nobody sent it: an order of a group that was blown by the command before is cancelled.
    is_own: bool = True

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
    groups: GroupMeters,
) -> list[Outcome]:
    """Apply ``commands`` in order, each followed by the cancels of the order groups that it blew.

    Effects: ``state`` and ``funds`` move on with every accepted one.
    """
    ids = iter(order_ids)
    seen: dict[Key, int] = {}
    outcomes: list[Outcome] = []
    for command in commands:
        repeated = _repeated(command, outcomes, seen, first_answers)
        if repeated is None:
            outcome = _applied(state, command, ids, funds, now, groups)
            key = key_of(command)
            if key is not None:
                seen[key] = len(outcomes)
            outcomes.append(outcome)
            if groups.is_used and outcome.effects is not None:
                outcomes += _cut_groups(state, outcome.effects, funds, now, groups)
        else:
            outcomes.append(repeated)
    return outcomes


def _repeated(
    command: Command, outcomes: Sequence[Outcome], seen: Mapping[Key, int], first_answers: FirstAnswers
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
        twin = outcomes[seen[key]].command
        assert not isinstance(twin, CancelOrder)
        is_same = twin.request_digest == command.request_digest
        return Outcome(command, twin_of=seen[key]) if is_same else Outcome(command, refusal=REUSED)
    return None


def _cut_groups(
    state: MarketState, effects: Effects, funds: Funds, now: datetime, groups: GroupMeters
) -> list[Outcome]:
    """Cancel what is left here of the groups that the effects blew."""
    cut: list[Outcome] = []
    blown = groups.add(effects)
    while blown:
        for order in state.grouped_orders().get(blown.pop(0), []):
            command = CancelOrder(order.user_id, order.order_id)
            result = apply(state, command, funds, now)
            # The other order of a pair has gone with the first.
            if isinstance(result, Effects):
                cut.append(Outcome(command, effects=result, is_own=False))
                blown += groups.add(result)
    return cut


def _refuse_group(command: Command, groups: GroupMeters) -> Refusal | None:
    specs: tuple[OrderSpec, ...] = (command.first, command.second) if isinstance(command, PlacePair) else ()
    specs = (command.spec,) if isinstance(command, PlaceOrder) else specs
    for spec in specs:
        if spec.ties is not None and spec.ties.group_id is not None:
            refusal = groups.refuse(command.user_id, spec.ties.group_id)
            if refusal is not None:
                return refusal
    return None


def _applied(
    state: MarketState, command: Command, ids: Iterator[int], funds: Funds, now: datetime, groups: GroupMeters
) -> Outcome:
    if isinstance(command, PlaceOrder):
        if command.spec.ties is not None and (refusal := _refuse_group(command, groups)) is not None:
            return Outcome(command, refusal=refusal)
        command = PlaceOrder(
            command.user_id,
            command.spec,
            command.client_order_id,
            command.request_digest,
            next(ids),
            command.valid_until,
        )
    elif isinstance(command, AmendOrder):
        command = replace(command, priority=next(ids))
    elif isinstance(command, PlacePair):
        if (refusal := _refuse_group(command, groups)) is not None:
            return Outcome(command, refusal=refusal)
        command = replace(command, order_ids=(next(ids), next(ids)))
    result = apply(state, command, funds, now)
    if isinstance(result, Effects):
        return Outcome(command, effects=result)
    return Outcome(command, refusal=result)
