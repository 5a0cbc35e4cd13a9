"""What a look tells of statements is what they did since the look before it."""

from typing import Any

import pytest
from django.db import connection

from monitoring.optimizer.selectors.evidence import postgres
from monitoring.optimizer.selectors.evidence.snapshot import look
from monitoring.optimizer.types import Statement
from tests.monitoring.optimizer.faults import forget_statements

pytestmark = [pytest.mark.django_db, pytest.mark.redis]
ASKED = "SELECT 1 AS asked_by_this_test"


@pytest.fixture(autouse=True)
def counted(site: None) -> None:
    forget_statements()


def ask(times: int) -> None:
    with connection.cursor() as cursor:
        for _ in range(times):
            cursor.execute(ASKED)


def asked(statements: tuple[Statement, ...]) -> list[int]:
    return [one.calls for one in statements if "asked_by_this_test" in one.text]


def full(before: dict[str, Any]) -> dict[str, Any]:
    """The counters of a look whose list had no place for ``ASKED``."""
    others = {f"other-{number}": [1, 1.0, 1, 0] for number in range(postgres.STATEMENTS_MAX)}
    return before | {"statements": others}


def test_a_statement_counts_since_the_look_before() -> None:
    ask(3)
    first, before = look({})
    ask(2)
    second, _ = look(before)
    assert (asked(first.statements), asked(second.statements)) == ([3], [2])


def test_a_statement_that_is_new_counts_from_its_first_call() -> None:
    _, before = look({})
    ask(4)
    snapshot, _ = look(before)
    assert asked(snapshot.statements) == [4]


def test_what_a_full_list_left_out_counts_from_the_next_look_on() -> None:
    ask(5)
    _, before = look({})
    second, before = look(full(before))
    ask(1)
    third, _ = look(before)
    assert (asked(second.statements), asked(third.statements)) == ([], [1])
