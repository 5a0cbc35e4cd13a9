"""The backend's health check, on a real connection."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError, connection, transaction

from common.metrics.registry import registry
from common.query_count import switch
from common.request_context import RequestContext, current
from opinion_market.postgresql import base
from trading.selectors.prepared import Prepared, fetch_json
from trading.services._pipeline import pipeline


@pytest.fixture
def checked() -> Iterator[None]:
    """A connection that checks its health, as in a process that serves requests."""
    connection.close()
    connection.health_check_enabled, before = True, connection.health_check_enabled
    yield
    connection.health_check_enabled = before
    connection.close()


def _break() -> None:
    """End the connection from the server's side."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    raw: psycopg.Connection[tuple[object, ...]] = connection.connection
    with psycopg.connect(raw.info.dsn, password=raw.info.password, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def _ask() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_broke_a_while_ago_is_replaced(checked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _ask() == 1
    _break()
    monkeypatch.setattr(base, "FRESH_S", 0.0)
    connection.close_if_unusable_or_obsolete()
    assert _ask() == 1


@pytest.mark.django_db(transaction=True)
def test_one_that_broke_just_now_fails_once_and_is_replaced_for_the_next_request(
    checked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "FRESH_S", 60.0)
    connection.close_if_unusable_or_obsolete()
    assert _ask() == 1
    _break()
    with pytest.raises(OperationalError):
        _ask()
    connection.close_if_unusable_or_obsolete()
    assert _ask() == 1


@pytest.mark.django_db(transaction=True)
def test_a_busy_connection_is_checked_once_a_second(checked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    _ask()
    monkeypatch.setattr(connection, "_checked_at", float("-inf"))
    calls: list[int] = []
    is_usable = connection.is_usable
    monkeypatch.setattr(connection, "is_usable", lambda: calls.append(1) or is_usable())
    for _ in range(3):
        connection.close_if_unusable_or_obsolete()
        _ask()
    assert len(calls) == 1


@pytest.mark.django_db(transaction=True)
def test_a_check_that_falls_due_amid_a_transaction_waits(checked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    _ask()
    connection.close_if_unusable_or_obsolete()
    with transaction.atomic():
        monkeypatch.setattr(connection, "_checked_at", float("-inf"))
    assert connection.get_autocommit()
    assert _ask() == 1


@pytest.fixture
def context() -> Iterator[RequestContext]:
    made = RequestContext("caller-0001")
    token = current.set(made)
    yield made
    current.reset(token)


def _asked(query: str, parameters: object) -> str:
    """What PostgreSQL saw."""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return str(cursor.fetchone()[0])


ACTIVITY = "SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()"


@pytest.mark.django_db
@pytest.mark.parametrize(("more", "parameters"), [("", None), (" AND 1 = %s", [1]), (" AND 1 = %s", (1,))])
def test_a_statement_names_its_request(context: RequestContext, more: str, parameters: object) -> None:
    comment = f"/*request_id='caller-0001',traceparent='{context.traceparent}'*/"
    assert _asked(ACTIVITY + more, parameters) == f"{ACTIVITY}{more.replace('%s', '1')} {comment}"


@pytest.mark.django_db
def test_a_statement_with_named_parameters_stays_as_it_is(context: RequestContext) -> None:
    assert _asked(f"{ACTIVITY} AND 1 = %(one)s", {"one": 1}) == f"{ACTIVITY} AND 1 = 1"


@pytest.mark.django_db
def test_a_statement_outside_of_requests_stays_as_it_is() -> None:
    assert _asked(ACTIVITY, None) == ACTIVITY


@pytest.mark.django_db
def test_comments_can_be_switched_off(context: RequestContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(switch, "has_comments", False)
    assert _asked(ACTIVITY, None) == ACTIVITY


@pytest.mark.django_db
def test_statements_count_for_their_request_and_their_process(context: RequestContext) -> None:
    counted = registry.metrics["db_queries_total"].of().value
    _asked("SELECT pg_sleep(%s)::text", [0.02])
    with connection.cursor() as cursor:
        cursor.executemany("SELECT %s", [[1], [2]])
    assert context.db_count == 2
    assert context.db_s >= context.db_slowest_s >= 0.02
    assert registry.metrics["db_queries_total"].of().value - counted == 2


@pytest.mark.django_db
def test_a_statement_that_fails_counts_as_well(context: RequestContext) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        _asked("SELECT nothing_like_it", None)
    # The statement and those of the savepoint.
    assert context.db_count >= 1


@pytest.mark.django_db
def test_prepared_reads_and_pipelines_count(context: RequestContext) -> None:
    assert fetch_json(Prepared(b"test_count", b"SELECT to_json($1::bigint)", 1), 5) == [5]
    assert context.db_count == 1
    with pipeline() as pipe:
        pipe.send("SELECT 1")
        pipe.send("SELECT 2")
    # These two and the BEGIN before them.
    assert context.db_count == 4
