"""Defects in the product itself, not in what it left behind: the run goes on with them, and the checker tells."""

from typing import Any

import pytest

from scripts.storm.checker.check import check
from scripts.storm.traffic import Act
from tests.storm.conftest import Record
from tests.storm.recording import Recording, put_back
from trading.services import _writes
from trading.services._market_cache import forget_all

ACTS = 150


def test_answers_that_are_kept_nowhere_let_a_repeated_order_through(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_writes, "insert_submissions", lambda *_: None)
    assert {"order.twice", "key.lost"} <= check(record(ACTS)).mistakes.keys()


def test_a_ledger_that_forgets_a_line_of_each_transfer(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    write = _writes.insert_transfers

    def forgetful(pipe: Any, market_id: int, now: str, *, transfers: list[Any], entries: list[Any]) -> None:
        write(pipe, market_id, now, transfers=transfers, entries=entries[1:])

    monkeypatch.setattr(_writes, "insert_transfers", forgetful)
    assert {"ledger.unbalanced", "balance.differs", "ledger.differs"} <= check(record(ACTS)).mistakes.keys()


class _WithoutEnd(Recording):
    """The settlement would refuse to go on."""

    ends_a_market = False


def test_orders_whose_rows_are_never_brought_up_to_date(record: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_writes, "update_orders", lambda *_: None)
    assert {"book.differs", "cancel.undone"} <= check(record(ACTS, _WithoutEnd)).mistakes.keys()


class _DiesAfterItsAnswer(Recording):
    """Each tenth answer leaves before anything is kept, and the process that gave it dies."""

    def ask(self, act: Act) -> Any:
        if act.what != "place" or self.count % 10:
            return super().ask(act)
        with put_back():
            answer = super().ask(act)
        forget_all()
        return answer


def test_answers_that_leave_before_the_commit(record: Record) -> None:
    assert {"order.lost", "order.row_lost"} <= check(record(ACTS, _DiesAfterItsAnswer)).mistakes.keys()
