"""The pipeline of prepared statements: errors, broken connections and amounts beyond any socket's buffer."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from trading.services._pipeline import durable_pipeline, pipeline

pytestmark = pytest.mark.django_db(transaction=True)
_DOUBLE = "SELECT 2 * %s::bigint, %s::text"


def _doubled(number: int, text: str | None = None) -> tuple[int, str | None]:
    with pipeline() as pipe:
        row: tuple[int, str | None] = pipe.send(_DOUBLE, [number, text]).fetchone()
        return row


def test_answers_come_in_order_and_statements_are_prepared_once() -> None:
    connection.close()
    with pipeline() as pipe:
        first, second = pipe.send(_DOUBLE, [1, None]), pipe.send(_DOUBLE, [2, "żółw"])
        assert (second.fetchall(), first.fetchall()) == ([(4, "żółw")], [(2, None)])
    assert _doubled(3) == (6, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT 2 %%'")
        assert cursor.fetchone() == (1,)


def test_who_names_a_threshold_has_nothing_prepared() -> None:
    connection.close()
    connection.ensure_connection()
    connection.connection.prepare_threshold = 5
    try:
        assert _doubled(21) == (42, None)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements")
            assert cursor.fetchone() == (0,)
    finally:
        connection.close()


def test_an_error_undoes_everything_and_the_connection_works_on() -> None:
    def fail() -> None:
        with transaction.atomic(), pipeline() as pipe:
            pipe.send("CREATE TABLE never_kept (id int PRIMARY KEY)")
            pipe.send("INSERT INTO never_kept VALUES (%s::int), (%s::int)", [1, 1])
            pipe.send_commit()

    with pytest.raises(IntegrityError):
        fail()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('never_kept')")
        assert cursor.fetchone() == (None,)
    assert _doubled(4) == (8, None)


def test_a_statement_whose_parsing_failed_can_be_sent_again() -> None:
    for _ in range(2):
        with pytest.raises(Exception, match="no_such_table"), pipeline() as pipe:
            pipe.send("SELECT * FROM no_such_table").fetchall()
    assert _doubled(5) == (10, None)


def test_a_mistake_of_the_caller_leaves_the_connection_usable() -> None:
    def fail() -> None:
        with transaction.atomic(), pipeline() as pipe:
            pipe.send(_DOUBLE, [1, None])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert _doubled(6) == (12, None)


def test_a_broken_connection_is_told_and_replaced() -> None:
    assert _doubled(1) == (2, None)
    with pytest.raises(OperationalError), transaction.atomic(), pipeline() as pipe:
        pipe.send("SELECT pg_terminate_backend(pg_backend_pid())").fetchall()
    assert _doubled(7) == (14, None)


def test_more_than_the_sockets_hold_both_ways() -> None:
    text = "x" * 5_000_000
    with pipeline() as pipe:
        statements = [pipe.send(_DOUBLE, [number, text]) for number in range(6)]
        assert [s.fetchone() for s in statements] == [(2 * number, text) for number in range(6)]


def _kept() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT a FROM kept ORDER BY a")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def table() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (a int PRIMARY KEY, b int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE kept")


@pytest.mark.usefixtures("table")
def test_a_block_that_ends_well_is_kept_and_counted() -> None:
    before = connection.commits  # type: ignore[attr-defined]
    with durable_pipeline() as pipe:
        pipe.send("INSERT INTO kept VALUES (%s::int, 1)", [1])
    assert (_kept(), connection.commits - before) == ([1], 1)  # type: ignore[attr-defined]


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize("rows", ["(1, 1), (1, 2)", "(1, 1), (2, 1)"], ids=["amid", "at_the_commit"])
def test_a_block_that_postgresql_refuses_leaves_nothing(rows: str) -> None:
    before = connection.commits  # type: ignore[attr-defined]
    with pytest.raises(IntegrityError), durable_pipeline() as pipe:
        pipe.send(f"INSERT INTO kept VALUES (7, 7), {rows}")
    assert (_kept(), connection.commits - before) == ([], 0)  # type: ignore[attr-defined]
    assert connection.connection.info.transaction_status.name == "IDLE"


@pytest.mark.usefixtures("table")
def test_a_mistake_within_a_block_leaves_nothing() -> None:
    def fail() -> None:
        with durable_pipeline() as pipe:
            pipe.send("INSERT INTO kept VALUES (1, 1)")
            pipe.send("SELECT 1").fetchall()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert _kept() == []
    assert connection.connection.info.transaction_status.name == "IDLE"


@pytest.mark.usefixtures("table")
def test_a_block_whose_connection_breaks_is_told_and_the_connection_replaced() -> None:
    with pytest.raises(OperationalError), durable_pipeline() as pipe:
        pipe.send("INSERT INTO kept SELECT 1, 1 WHERE pg_terminate_backend(pg_backend_pid())")
    assert _kept() == []
    with durable_pipeline() as pipe:
        pipe.send("INSERT INTO kept VALUES (2, 2)")
    assert _kept() == [2]


def test_a_block_is_never_part_of_another_transaction() -> None:
    with transaction.atomic():
        with pytest.raises(RuntimeError, match="durable"), durable_pipeline():
            pass
        assert connection.in_atomic_block
