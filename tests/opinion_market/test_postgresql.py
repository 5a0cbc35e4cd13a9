"""The backend's health check, on a real connection."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import OperationalError, connection, transaction

from opinion_market.postgresql import base


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
