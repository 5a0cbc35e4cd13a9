"""What PostgreSQL alone takes for batches of orders: what a run has sent is sent once more, to a copy.

Contract   The copy is of the moment before the run, so that the same statements with the same parameters leave the same
           rows, which is checked. Nothing is decided or built in between; parameters are encoded and handed over
           within the time, while PostgreSQL works. Fewer or smaller rows, or other statements, would take less.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Final
from unittest import mock

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from benchmarks.jobs import Traders
from trading.services._pipeline import Pipeline, Statement

Sent = list[tuple[str, Sequence[Any]]]

_COPY: Final = "opinion_market_copy"
_TABLES: Final = (
    "trading_order", "trading_submission", "trading_trade", "trading_ledgertransfer", "trading_ledgerentry",
    "trading_account", "trading_position", "trading_marketbook", "markets_marketevent", "markets_markethead",
)  # fmt: skip


def rows_alone(*, market_id: int, users: list[int], batch: int, orders: int, seed: int) -> dict[str, float]:
    """Orders per second of the statements of ``execute`` alone."""
    traders = Traders(market_id, users, seed)
    for _ in range(3):
        traders.execute(batch)
    with _copied() as copy:
        transactions = _recorded(traders, batch, orders // batch)
        seconds = sum(_seconds_of(copy, sent) for sent in transactions)
        assert _rows_of(copy) == _rows_of(connections[DEFAULT_DB_ALIAS]), "the copy has other rows"
    return {"per_second": batch * len(transactions) / seconds}


@contextmanager
def _copied() -> Iterator[BaseDatabaseWrapper]:
    """A connection to a copy of the database, which nobody else may use meanwhile."""
    connections.close_all()
    source = connections.databases[DEFAULT_DB_ALIAS]
    for name in ("postgres", _COPY):
        connections.databases[name] = source | {"NAME": name}
    with connections["postgres"].cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{_COPY}" TEMPLATE "{source["NAME"]}"')
        try:
            yield connections[_COPY]
        finally:
            connections[_COPY].close()
            cursor.execute(f'DROP DATABASE "{_COPY}"')


def _recorded(traders: Traders, batch: int, batches: int) -> list[Sent]:
    """What each transaction of so many batches sent."""
    transactions: list[Sent] = []
    queue = Pipeline.queue

    def noted(pipe: Pipeline, statement: Statement, query: str, parameters: Sequence[Any]) -> None:
        if query == "BEGIN":
            transactions.append([])
        transactions[-1].append((query, parameters))
        queue(pipe, statement, query, parameters)

    with mock.patch.object(Pipeline, "queue", noted):
        for _ in range(batches):
            traders.execute(batch)
    return transactions


def _seconds_of(copy: BaseDatabaseWrapper, sent: Sent) -> float:
    copy.ensure_connection()
    began = perf_counter()
    pipe = Pipeline(copy)
    for query, parameters in sent:
        pipe.send(query, parameters)
    pipe.finish()
    if pipe.error is not None:
        raise pipe.error
    return perf_counter() - began


def _rows_of(connection: BaseDatabaseWrapper) -> list[Any]:
    with connection.cursor() as cursor:
        found = []
        for table in _TABLES:
            cursor.execute(f"SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {table} t")  # noqa: S608
            found.append(cursor.fetchone())
        return found


JOBS: Final[dict[str, Any]] = {"rows_alone": rows_alone}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
