"""The traces of records on their way to the sockets: as a message between processes, then in the frames.

Contract   ``message_of`` and ``heard_of`` are one another's inverse; a message that isn't of traces, or is broken, is
           ``None``. A record has a trace only if the message came before the record was read: it always goes first,
           but a stream that looked by itself may be earlier. Only the account whose command it was gets the ids, in
           frames of its own: others could tell by them which trades have one author.
Bound      WAITING_MAX records of each market, the newest.
"""

import re
import time
from typing import Final

from common.request_context import RequestContext
from common.tracing import Kind, trace_step, tracing
from trading.events import Traces
from trading.selectors.stream import StreamRecord

WAITING_MAX: Final = 1_000
_HEAD: Final = b"trace:"
_MESSAGE: Final = re.compile(rb"trace:(\d{1,18}):(.+)", re.ASCII)
_ONE: Final = re.compile(rb"(\d{1,18})=(00-[0-9a-f]{32}-[0-9a-f]{16}-01)", re.ASCII)


def message_of(market_id: int, traces: Traces) -> str:
    return f"trace:{market_id}:" + ",".join(f"{seq}={traceparent}" for seq, traceparent in traces)


def heard_of(message: bytes) -> tuple[int, Traces] | None:
    if not message.startswith(_HEAD) or (found := _MESSAGE.fullmatch(message)) is None:
        return None
    parts = [_ONE.fullmatch(part) for part in found[2].split(b",")]
    return int(found[1]), tuple((int(one[1]), one[2].decode()) for one in parts if one is not None)


class Telling:
    """One record on its way out: its span, and what its frames say of it."""

    def __init__(self, traceparent: str) -> None:
        self._began = time.perf_counter()
        self._context = RequestContext("", traceparent)

    def frame_of(self, tail: str, record: StreamRecord, user_id: int) -> str:
        """``tail`` with the trace, if the account ``user_id`` sent the command."""
        effects = record.effects
        if effects is None or effects.command.user_id != user_id:
            return tail
        return f'{tail[:-1]},"traceparent":"{self._context.traceparent}"}}'

    def end(self, record: StreamRecord, market_id: int) -> None:
        seconds = time.perf_counter() - self._began
        trace_step(
            self._context,
            "tell /ws/v1/stream",
            Kind.INTERNAL,
            seconds,
            opinion_market__market=market_id,
            opinion_market__event=record.kind,
            opinion_market__seq=record.seq,
        )


class WaitingTraces:
    """Traces of records that a feed hasn't given out yet."""

    def __init__(self) -> None:
        self._by_seq: dict[int, str] = {}

    def note(self, traces: Traces) -> None:
        """Another process may collect while this one doesn't."""
        if not tracing.is_on:
            return
        self._by_seq.update(traces)
        while len(self._by_seq) > WAITING_MAX:
            del self._by_seq[min(self._by_seq)]

    def begin(self, seq: int) -> Telling | None:
        """What tells the record ``seq``, if it is of a trace."""
        if not self._by_seq or not tracing.is_on:
            return None
        trace = self._by_seq.pop(seq, None)
        for old in [one for one in self._by_seq if one < seq]:
            del self._by_seq[old]
        return None if trace is None else Telling(trace)
