"""Which trace each journal record belongs to: that of the request that sent its command, whoever executed it.

Contract   Called only while ``tracing.is_on``. A command is known by its identity while its sender waits for the
           answer; what nobody sent (cancels of a sweep, of a group that was blown) belongs to the one who executes.
Why        The journal doesn't keep traces: they are of the moment, and the journal is for ever.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from common.request_context import current
from common.tracing import tracing
from trading.events import Traces
from trading.services._run_commands import Outcome
from trading.types import Command

_noted: Final[dict[int, str]] = {}


@contextmanager
def noted(commands: Iterable[Command]) -> Iterator[None]:
    """While this lasts, whoever executes the commands knows whose trace they are of."""
    trace, ids = _trace_of_now(), [id(command) for command in commands]
    _noted.update(dict.fromkeys(ids, trace))
    try:
        yield
    finally:
        for one in ids:
            _noted.pop(one, None)


def traces_of(commands: Sequence[Command], outcomes: Iterable[Outcome], *, seq: int) -> Traces:
    """The traces of the records that ``outcomes`` of ``commands`` become, after the record ``seq``."""
    executing = trace = _trace_of_now()
    own, found = iter(commands), []
    for outcome in outcomes:
        if outcome.is_own:
            trace = _noted.get(id(next(own)), executing)
        if outcome.effects is not None:
            seq += 1
            found.append((seq, trace))
    return tuple(one for one in found if one[1])


def trace_of_record(seq: int) -> Traces:
    """The trace of a record that is written by what runs now; nothing where it isn't recorded."""
    trace = _trace_of_now() if tracing.is_on else ""
    return ((seq, trace),) if trace else ()


def _trace_of_now() -> str:
    context = current.get()
    return context.traceparent if context is not None and tracing.is_kept(context) else ""
