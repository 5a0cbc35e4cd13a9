"""What is known of the request, task or socket that runs right now: its ids, and what it cost so far.

Contract   ``current`` holds it in the thread (or coroutine) that works on it, ``None`` outside. Costs are counted by
           whoever causes them; a batch that one thread runs for many is counted for the one that runs it.
Ids        A caller's ``X-Request-ID`` and W3C ``traceparent`` are kept when well formed; otherwise they are new. What
           leaves the process (answers, tasks, calls) carries ``request_id`` and ``traceparent`` of here.
Why        One object in one context variable: binding half a dozen variables costs more than the rest of the log.
"""

import os
import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, Final

#: An id may be copied from anywhere, so what looks like one of our keys isn't taken for one.
_REQUEST_ID: Final = re.compile(r"(?!.*(?:omk_|whsec_))[A-Za-z0-9_-]{8,64}", re.ASCII)
_TRACEPARENT: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII)
_TRACESTATE_MAX: Final = 512
_NO_TRACE: Final = "0" * 32
_NO_SPAN: Final = "0" * 16
#: Gives the secrets that this piece of work was told, so that no line repeats them.
Secrets = Callable[[], list[str]]


class RequestContext:
    __slots__ = (
        "cache_hits", "cache_misses", "code", "db_count", "db_s", "db_slowest_s", "error", "flags", "parent_id",
        "request_id", "secrets", "span_id", "statements", "trace_id", "tracestate", "user_id",
    )  # fmt: skip

    def __init__(self, request_id: str = "", traceparent: str = "", tracestate: str = "") -> None:
        fresh = os.urandom(32).hex()
        self.request_id = request_id if request_id and _REQUEST_ID.fullmatch(request_id) else fresh[:16]
        self.trace_id, self.span_id = fresh[16:48], fresh[48:]
        self.parent_id, self.flags, self.tracestate = "", "01", ""
        if traceparent:
            self._join(traceparent, tracestate)
        self.db_count = self.cache_hits = self.cache_misses = 0
        self.db_s = self.db_slowest_s = 0.0
        self.statements: dict[object, int] | None = None
        self.user_id: int | None = None
        #: Code of the refusal, class of the failure.
        self.code: str | None = None
        self.error: str | None = None
        self.secrets: Secrets | None = None

    def note_statement(self, text: object) -> None:
        """Count how often the same text was executed."""
        if self.statements is None:
            self.statements = {text: 1}
        else:
            self.statements[text] = self.statements.get(text, 0) + 1

    @property
    def traceparent(self) -> str:
        """What a callee is told: our span is its parent."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"

    def ids(self) -> dict[str, str]:
        ids = {"request_id": self.request_id, "trace_id": self.trace_id, "span_id": self.span_id}
        return ids | {"parent_id": self.parent_id} if self.parent_id else ids

    def outgoing(self) -> dict[str, str]:
        """Headers of a call to another service."""
        headers = {"X-Request-ID": self.request_id, "traceparent": self.traceparent}
        return headers | {"tracestate": self.tracestate} if self.tracestate else headers

    def _join(self, traceparent: str, tracestate: str) -> None:
        found = _TRACEPARENT.fullmatch(traceparent)
        if found is None:
            return
        version, trace_id, parent_id, flags, more = found.groups()
        # Later versions may say more after what this one knows; version ff is none.
        if version == "ff" or (version == "00" and more) or trace_id == _NO_TRACE or parent_id == _NO_SPAN:
            return
        self.trace_id, self.parent_id, self.flags = trace_id, parent_id, "01" if int(flags, 16) & 1 else "00"
        self.tracestate = tracestate if len(tracestate) <= _TRACESTATE_MAX and tracestate.isprintable() else ""


current: Final[ContextVar[RequestContext | None]] = ContextVar("request_context", default=None)


def from_headers(headers: Mapping[str, Any]) -> RequestContext:
    """The context that ``outgoing`` of another process describes, names in small letters; new ids when it doesn't."""
    values = [str(headers.get(name) or "") for name in ("x-request-id", "traceparent", "tracestate")]
    return RequestContext(*values)


def tell_user(user_id: int | None) -> None:
    """Let the lines of what runs say whose it is."""
    context = current.get()
    if context is not None:
        context.user_id = user_id
