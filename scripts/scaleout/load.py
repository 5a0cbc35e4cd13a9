"""Traders, readers and sockets that come through the proxy, and what must be true of them when they are gone.

Contract   Every command is on disk before it is sent and every answer after it, as in the storm; its checker replays
           the journals, compares each answer and balances the ledger. No answer may be missing, none may be 500 or
           more, none may refuse somebody whom the site knows.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import psycopg

from opinion_market.local import processes
from scripts.scaleout.outcome import Outcome, say
from scripts.scaleout.programs import PROJECT, NotInTimeError, wait_until
from scripts.scaleout.site import Site
from scripts.scaleout.watching import SOCKETS, PageReader, SocketReaders
from scripts.storm.checker.check import check
from scripts.storm.checker.evidence import read_evidence
from scripts.storm.checker.history import Note, notes_in
from scripts.storm.checker.report import report_of
from scripts.storm.export import export

CLIENTS: Final = 2
CONNECTIONS: Final = 6
#: Enough to mean something, on the slowest machine too.
ORDERS_MIN: Final = 200
#: Nobody here may be strange to the site or be told to slow down.
_NEVER: Final = (401, 403, 429)


@dataclass(frozen=True, slots=True)
class Busy:
    """A time, by the monotonic clock, in which 503 and a moment to come back is a right answer."""

    start: float
    end: float

    def __bool__(self) -> bool:
        return self.end > self.start

    def has(self, at: float) -> bool:
        return self.start <= at < self.end


NEVER: Final = Busy(0.0, 0.0)


class Load:
    """Begins when it is made; ``end`` waits for the last answers; as a context nothing of it stays."""

    def __init__(self, site: Site, seeded: dict[str, Any], *, cookie: str, per_second: float) -> None:
        self.site, self.market_id = site, int(next(iter(seeded["markets"])))
        self._pages = PageReader(site.port, self.market_id, cookie)
        self._sockets = SocketReaders(site.port, self.market_id, [one["secret"] for one in seeded["traders"]])
        commands = [
            client_command(number, site.port, site.directory, seeded, per_second=per_second / CLIENTS, seed=number)
            for number in range(CLIENTS)
        ]
        self._clients = [processes.start(command, cwd=PROJECT) for command in commands]
        self._pages.start()
        self._sockets.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.end()
        self._sockets.end()

    def orders(self) -> int:
        """How many the database has."""
        with self.site.connect(autocommit=True) as connection:
            row = connection.execute("SELECT coalesce(max(id), 0) FROM trading_order").fetchone()
        assert row is not None
        return int(row[0])

    def wait_for_orders(self, more: int) -> None:
        """Until so many more are placed. Raises: NotInTimeError"""
        wanted = self.orders() + more
        wait_until(lambda: self.orders() >= wanted, f"{more} more orders are placed")

    def end(self) -> None:
        for client in self._clients:
            client.terminate()
        for client in self._clients:
            processes.stop(client, patience_s=90)
        self._pages.end()

    def check_readers(self, outcome: Outcome, *, hints_min: int, busy: Busy = NEVER) -> None:
        """After ``end``: every page came, but for those told to come again, and every socket has the whole book."""
        self._check_sockets(outcome, hints_min)
        outcome.figures["pages read"] = self._pages.count
        # Versions before 0.2 tell it as 500.
        told = [status for at, status in self._pages.failures if status in (500, 503) and busy.has(at)]
        failed = Counter(status for at, status in self._pages.failures if not (status in (500, 503) and busy.has(at)))
        if busy:
            outcome.figures["pages told to come again"] = len(told)
        outcome.expect(not failed, f"pages failed: {dict(failed)}")

    def _check_sockets(self, outcome: Outcome, hints_min: int) -> None:
        with self.site.connect(autocommit=True) as connection:
            row = connection.execute(
                "SELECT seq FROM markets_markethead WHERE market_id = %s", [self.market_id]
            ).fetchone()
        assert row is not None
        sockets = self._sockets
        try:
            wait_until(lambda: all(book.seq == row[0] for book in sockets.books), f"every book is at {row[0]}")
        except NotInTimeError as late:
            outcome.mistakes.append(f"{late}: {Counter(book.seq for book in sockets.books)}")
        sockets.end()
        hints = sockets.hints_ms
        outcome.figures |= {
            "sockets": SOCKETS,
            "sockets closed with 1012": sockets.closes[1012],
            "asked to come back after, ms": f"{min(hints, default=0)} to {max(hints, default=0)}",
            "sockets back after at most s": round(max(sockets.back_s, default=0.0), 1),
            "books wrong": sockets.mistrusts,
        }
        others = {code: count for code, count in sockets.closes.items() if code != 1012}
        outcome.expect(not others, f"sockets were lost without a word or not let in: {others}")
        outcome.expect(sockets.mistrusts == 0, f"{sockets.mistrusts} books were wrong")
        outcome.expect(len(hints) >= hints_min, f"{len(hints)} sockets were told when to come back, of {hints_min}")


def write_evidence(site: Site) -> None:
    """Invariants by the site's own command, then the tables as the checker reads them."""
    say("manage.py check_invariants")
    site.manage("check_invariants")
    with site.connect() as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        export(connection, site.directory)


def check_answers(directory: Path, outcome: Outcome, *, busy: Busy = NEVER) -> None:
    say("checking every answer")
    notes = list(notes_in(directory))
    answers = [note for note in notes if note["note"] == "answer"]
    told = [note for note in answers if note["status"] == 503 and busy.has(note["at"])]
    statuses = Counter(note["status"] for note in answers) - Counter(note["status"] for note in told)
    lost = [note for note in notes if note["note"] == "unknown" and not (_is_503(note) and busy.has(note["at"]))]
    unknown = Counter(note["why"] for note in lost)
    bad = {status: count for status, count in statuses.items() if status >= 500 or status in _NEVER}
    if busy:
        outcome.figures["orders told to come again, and taken then"] = len(told)
    outcome.figures |= {
        "requests of traders answered": statuses.total(),
        "of them refused by rule": sum(count for status, count in statuses.items() if 400 <= status < 500),
        "failed": sum(bad.values()) + unknown.total(),
    }
    outcome.expect(not bad, f"requests failed: {bad}")
    outcome.expect(not unknown, f"requests had no answer: {dict(unknown)}")
    findings = check(read_evidence(directory))
    acknowledged = findings.counts["orders_acknowledged"]
    outcome.figures["orders acknowledged"] = acknowledged
    outcome.expect(acknowledged >= ORDERS_MIN, f"{acknowledged} orders are too few to say anything")
    outcome.expect(findings.is_good, report_of(findings))


def _is_503(note: Note) -> bool:
    return bool(note["why"] == "status 503")


def client_command(
    number: int, port: int, directory: Path, seeded: dict[str, Any], *, per_second: float, seed: int
) -> list[str]:
    """One of the storm's clients, with the patience of a busy machine."""
    arguments = {
        "name": f"client{number}", "port": port, "directory": str(directory), "connections": CONNECTIONS,
        "per_second": per_second, "timeout_s": 60, "traders": seeded["traders"], "markets": seeded["markets"],
        "seed": seed,
    }  # fmt: skip
    return [sys.executable, "-m", "scripts.storm.client", json.dumps(arguments)]
