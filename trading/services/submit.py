"""One command at a time from many threads, executed together.

Contract   Whoever finds the market idle leads: executes all that waits, up to BATCH_MAX at once, until their
           own answer is there, and hands over to whoever waits longest. The others sleep and wake once.
           Who comes while the leader waits for the market's lock, which another process has, is taken along.
           The commands of one caller stay together.
           If a batch fails as a whole its items run one by one, so that one can't fail the others; not if the
           connection broke, since it may have been kept, nor if the market stayed locked.
Bound      At most WAITING_MAX commands wait for one market in this process; more are refused at once.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from time import perf_counter
from typing import Final

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError

from common.errors import DomainError
from common.shared_thread import Gate, call_apart, closed_gate
from common.tracing import tracing
from trading.errors import TradingBusy
from trading.services._measures import MATCH
from trading.services._run_commands import StaleFunds
from trading.services.answer import Answer
from trading.services.execute_commands import More, execute
from trading.services.traces import noted
from trading.types import Command, PlaceOrder

_log = structlog.get_logger(__name__)

#: A caller with many commands may go beyond it, by what one request can have.
BATCH_MAX: Final = 256
WAITING_MAX: Final = 4_096
#: What PostgreSQL, or the way to it, can do to a batch; anything else is a mistake of ours and is raised as it is.
_FAILURES: Final = (DatabaseError, InterfaceError, StaleFunds)
#: connection exceptions, shutdown, lock_not_available
_SHARED_STATES: Final = ("08", "57P", "55P03")


@dataclass(slots=True)
class _Ticket:
    """``gate`` opens once: when the answer is there, or when it is this thread's turn to lead. ``others`` are the
    caller's further commands, which come right after this one."""

    command: Command
    gate: Gate = field(default_factory=closed_gate)
    answer: Answer | None = None
    error: BaseException | None = None
    others: "Sequence[_Ticket]" = ()

    @property
    def is_done(self) -> bool:
        return all(t.answer is not None or t.error is not None for t in (self, *self.others))


@dataclass(slots=True)
class _Queue:
    lock: Lock = field(default_factory=Lock)
    waiting: deque[_Ticket] = field(default_factory=deque)
    is_led: bool = False

    def take(self, count: int) -> list[_Ticket]:
        """Who waits longest, with about ``count`` commands."""
        taken: list[_Ticket] = []
        with self.lock:
            while self.waiting and len(taken) < count:
                first = self.waiting.popleft()
                taken += (first, *first.others)
        return taken


_queues: dict[int, _Queue] = {}


def submit(command: Command, *, market_id: int | None = None) -> Answer:
    """Execute ``command`` durably and return its answer. ``market_id`` is needed unless it is an order.

    Raises: MarketNotFound, TradingBusy
    """
    asked_at = perf_counter()
    if isinstance(command, PlaceOrder):
        market_id = command.spec.market_id
    assert market_id is not None, "only orders know their market"
    ticket = _Ticket(command)
    _wait_for(market_id, ticket)
    if ticket.answer is not None:
        MATCH.record(perf_counter() - asked_at)
        return ticket.answer
    assert ticket.error is not None
    raise ticket.error


def submit_together(market_id: int, commands: Sequence[Command]) -> list[Answer | DomainError]:
    """Execute the commands of one caller in their order, in one transaction unless it fails; the answer of each.

    What a single order would have raised is an answer here: ``MarketNotFound``, ``TradingBusy``.
    """
    asked_at = perf_counter()
    tickets = [_Ticket(command) for command in commands]
    tickets[0].others = tickets[1:]
    try:
        _wait_for(market_id, tickets[0])
    except TradingBusy as busy:
        return [busy] * len(tickets)
    MATCH.record(perf_counter() - asked_at)
    return [_outcome_of(ticket) for ticket in tickets]


def _outcome_of(ticket: _Ticket) -> Answer | DomainError:
    if ticket.answer is not None:
        return ticket.answer
    assert ticket.error is not None
    if isinstance(ticket.error, DomainError):
        return ticket.error
    raise ticket.error


def _wait_for(market_id: int, ticket: _Ticket) -> None:
    """Return when the ticket is done, by this thread or by another one. Raises: TradingBusy, and then it never is."""
    if tracing.is_on:
        with noted(one.command for one in (ticket, *ticket.others)):
            _take_part(market_id, ticket)
    else:
        _take_part(market_id, ticket)


def _take_part(market_id: int, ticket: _Ticket) -> None:
    # dict.setdefault is atomic, and a queue once made stays: it is small.
    queue = _queues.setdefault(market_id, _Queue())
    with queue.lock:
        if len(queue.waiting) >= WAITING_MAX:
            raise TradingBusy("Too many orders wait for this market; try again in a second.", extra={"retry_after": 1})
        queue.waiting.append(ticket)
        is_leader, queue.is_led = not queue.is_led, True
    if not is_leader:
        ticket.gate.acquire()
    if not ticket.is_done:
        call_apart(_lead, market_id, queue, ticket)


def _lead(market_id: int, queue: _Queue, own: _Ticket) -> None:
    """Execute batches until the own command is done, then let the one who waits longest lead."""
    try:
        while not own.is_done:
            batch = queue.take(BATCH_MAX)
            try:
                _execute(market_id, batch, more=partial(_late, queue, batch))
            finally:
                for ticket in batch:
                    if ticket is not own:
                        ticket.gate.release()
    finally:
        with queue.lock:
            if queue.waiting:
                queue.waiting[0].gate.release()
            else:
                queue.is_led = False


def _late(queue: _Queue, batch: list[_Ticket]) -> list[Command]:
    """Let who has come meanwhile join ``batch``; their commands."""
    taken = queue.take(BATCH_MAX - len(batch))
    batch += taken
    return [ticket.command for ticket in taken]


def _execute(market_id: int, batch: list[_Ticket], *, more: More | None = None) -> None:
    """Give every ticket its answer or its error, those that join ``batch`` meanwhile too."""
    try:
        answers = execute(market_id, [t.command for t in batch], more=more)
        for ticket, answer in zip(batch, answers, strict=True):
            ticket.answer = answer
    except Exception as error:
        # Not swallowed: each error is raised again in the thread whose command it belongs to.
        if len(batch) == 1 or _is_shared(error):
            for ticket in batch:
                ticket.error = _told(error)
        else:
            for ticket in batch:
                _execute(market_id, [ticket])
    except BaseException as error:
        # This thread is being ended; those who wait for it must not wait for ever.
        for ticket in batch:
            ticket.error = ticket.error or _told(error)
        raise


def _is_shared(error: Exception) -> bool:
    """Whether all fail for one reason. A command without a key that may have been kept mustn't run again."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state: str | None = getattr(error.__cause__, "sqlstate", None)
    return state is None or state.startswith(_SHARED_STATES)


def _told(error: BaseException) -> BaseException:
    if isinstance(error, Exception) and not isinstance(error, _FAILURES):
        return error
    # The caller only hears that it is busy; whoever runs the site needs the reason.
    _log.warning("a batch of commands failed", error=repr(error))
    busy = TradingBusy(
        "The order couldn't be executed now; send it again with the same client_order_id.", extra={"retry_after": 1}
    )
    busy.__cause__ = error
    return busy
