import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from tests.common.test_statement_errors import broken_off
from trading.selectors import prepared
from trading.selectors.prepared import Prepared, fetch_json

ADD = Prepared(b"om_test_add", b"SELECT json_build_array($1::bigint + $2)::text", 2)
BROKEN = Prepared(b"om_test_broken", b"SELECT no_such_column", 0)
pytestmark = pytest.mark.django_db(transaction=True)


def test_rows_are_decoded_in_and_outside_a_transaction() -> None:
    assert fetch_json(ADD, 2, -3) == [[-1]]
    assert fetch_json(ADD, 2**40, 1) == [[2**40 + 1]]
    with transaction.atomic():
        assert fetch_json(ADD, 2, 3) == [[5]]


def test_what_the_connection_forgot_is_prepared_again() -> None:
    fetch_json(ADD, 1, 1)
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    assert fetch_json(ADD, 1, 1) == [[2]]


def test_a_lost_connection_is_opened_again() -> None:
    fetch_json(ADD, 1, 1)
    backend = connection.connection.info.backend_pid
    with connection.copy().cursor() as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
        other.connection.close()
    assert fetch_json(ADD, 1, 1) == [[2]]


def test_an_answer_that_breaks_off_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """libpq tells of it by a result without a code, at times before the connection counts as broken."""
    answers = [broken_off()]
    ask = prepared._result
    monkeypatch.setattr(prepared, "_result", lambda *asked: answers.pop() if answers else ask(*asked))
    assert fetch_json(ADD, 1, 1) == [[2]]
    answers.append(broken_off())
    with pytest.raises(OperationalError), transaction.atomic():
        fetch_json(ADD, 1, 1)


def test_a_mistake_is_a_database_error() -> None:
    with pytest.raises(DatabaseError, match="no_such_column"):
        fetch_json(BROKEN)
