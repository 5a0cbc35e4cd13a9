"""Every statement counts: for the process, and for the request or task that asked.

Why        Django's ``execute_wrapper`` costs a partial and a closure for each statement; the backend's cursor calls
           this directly, and so do the places that speak to libpq themselves.
"""

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

from common.metrics.registry import registry
from common.request_context import current
from common.tracing import trace_statements, tracing

_seconds = registry.sketch("db_query_seconds", "Time that statements took, waiting for the database included.").of()
_queries = registry.counter("db_queries_total", "Statements sent to the database.").of()


class Switch:
    """Whether statements are timed, and whether those of Django's cursors say which request they belong to."""

    is_on = True
    has_comments = True


switch: Final = Switch()


def count_query(seconds: float, statements: int = 1, *, text: object = None) -> None:
    """Count ``statements`` that were answered together within ``seconds``; ``text`` if they were one and the same."""
    _queries.add(statements)
    _seconds.record(seconds)
    context = current.get()
    if context is not None:
        context.db_count += statements
        context.db_s += seconds
        if seconds > context.db_slowest_s:
            context.db_slowest_s = seconds
        if text is not None:
            context.note_statement(text)
        if tracing.is_on:
            trace_statements(context, seconds, statements, text)


def count_commit(own: BaseDatabaseWrapper) -> None:
    """Count a transaction that was kept without Django's commit, which the site's own backend counts by itself."""
    if hasattr(own, "commits"):
        own.commits += 1
