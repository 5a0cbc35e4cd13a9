"""Django's PostgreSQL backend, with a health check a second instead of one a request, and statements that count.

Why        ``CONN_HEALTH_CHECKS`` asks ``SELECT 1`` at the first statement of every request: a round trip, which
           was a tenth of an order's time. A connection that answered within the last second is taken as alive.
Cost       After PostgreSQL restarts, a busy thread may fail one request more; Django then drops the connection.
Comments   A statement of Django's cursors ends with the ids of its request, for PostgreSQL's log and its activity.
           psycopg prepares none of them here, so no plan is lost by it; the statements that are prepared (trading's
           writes and hot reads) carry none, because a prepared text cannot differ from request to request.
Tuning     What was set for statements while the site runs is put into the session before a thread's next request.
"""

import time
from typing import Any, Final

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper

from common.query_count import count_query, switch
from common.request_context import current
from common.tuning.reading import known
from opinion_market.postgresql.session import reconnect_round, session_settings

FRESH_S: Final = 1.0


class TimedCursor(CursorWrapper):
    """Times what is executed; fetching rows that have arrived is not the database's time."""

    def _execute(self, sql: Any, params: Any, *ignored: Any) -> Any:
        if not switch.is_on:
            return super()._execute(sql, params)  # type: ignore[misc]
        text = sql
        if switch.has_comments:
            sql, params = _commented(sql, params)
        began = time.perf_counter()
        try:
            return super()._execute(sql, params)  # type: ignore[misc]
        finally:
            count_query(time.perf_counter() - began, text=text if isinstance(text, str) else None)

    def _executemany(self, sql: Any, param_list: Any, *ignored: Any) -> Any:
        began = time.perf_counter()
        try:
            return super()._executemany(sql, param_list)  # type: ignore[misc]
        finally:
            count_query(time.perf_counter() - began)


class TimedDebugCursor(TimedCursor, CursorDebugWrapper):
    """The same for DEBUG and ``assertNumQueries``."""


def _commented(sql: Any, params: Any) -> tuple[Any, Any]:
    """``sql`` with the ids of its request, as sqlcommenter writes them; neither holds a character that could end it.

    As parameters, which psycopg puts in by itself here, because it keeps what it has parsed of a text: with the ids
    in the text every statement would be new to it, which costs 10 microseconds instead of one.
    """
    context = current.get()
    if context is None or not isinstance(sql, str):
        return sql, params
    if params is None:
        return f"{sql} /*request_id='{context.request_id}',traceparent='{context.traceparent}'*/", None
    if not isinstance(params, list | tuple):
        return sql, params
    return f"{sql} /*request_id=%s,traceparent=%s*/", (*params, context.request_id, context.traceparent)


class DatabaseWrapper(base.DatabaseWrapper):
    """Adds the clock of health checks and the cursors above."""

    health_check_done: bool
    _checked_at = float("-inf")
    _followed: object = None
    _set: dict[str, str] = {}
    _round = 0.0
    #: Transactions that were kept, so that a request knows whether it may be done again.
    commits = 0

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self.commits += 1

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        # Bound by the server, the ids would be parameters of a comment, which it has none of.
        assert not self.settings_dict["OPTIONS"].get("server_side_binding")
        return params

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        return TimedCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> CursorDebugWrapper:
        return TimedDebugCursor(cursor, self)

    def close_if_health_check_failed(self) -> None:
        if self.health_check_done:
            return
        if known.values is not self._followed and not self.in_atomic_block:
            self._follow()
        if time.monotonic() - self._checked_at < FRESH_S:
            # Done for this request: a check later, amid a transaction, would begin one of its own.
            self.health_check_done = True
            return
        super().close_if_health_check_failed()
        self._checked_at = time.monotonic()

    def init_connection_state(self) -> None:
        super().init_connection_state()
        self._set, self._round = {}, reconnect_round()
        self._follow()

    def _follow(self) -> None:
        """Do what was tuned: a new connection, or other limits for this one."""
        self._followed = known.values
        if self.connection is None:
            return
        if self._round != reconnect_round():
            self.close()
            return
        wanted = session_settings(str(self.settings_dict["OPTIONS"].get("application_name", "")))
        for name in {*wanted, *self._set}:
            if wanted.get(name) != self._set.get(name):
                # RESET is back to what the connection was opened with.
                self.connection.execute(f"SET {name} = {wanted[name]}" if name in wanted else f"RESET {name}")
        self._set = wanted
