"""Migrations wait shortly, give way, and come again."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as DjangoCommand
from django.db import OperationalError, connection

from opinion_market.management.commands import migrate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def holder() -> Iterator[psycopg.Connection[Any]]:
    """Somebody whose transaction has written to a table and doesn't end."""
    settings = connection.get_connection_params()
    with psycopg.connect(
        dbname=settings["dbname"], host=settings.get("host"), port=settings.get("port"), user=settings.get("user")
    ) as opened:
        opened.execute("LOCK TABLE markets_market IN ROW EXCLUSIVE MODE")
        yield opened


def shown(name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])


def change(*_: Any, **__: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '50ms'")
        cursor.execute("ALTER TABLE markets_market ADD COLUMN one_too_many integer")


def test_limits_are_those_of_the_kind_of_migration() -> None:
    before = shown("lock_timeout"), shown("statement_timeout")
    command = migrate.Command()
    command.verbosity = 0
    command.migration_progress_callback("apply_start", SimpleNamespace(atomic=True))
    assert (shown("lock_timeout"), shown("statement_timeout")) == ("1s", "1min")
    command.migration_progress_callback("apply_start", SimpleNamespace(atomic=False))
    assert (shown("lock_timeout"), shown("statement_timeout")) == ("0", "0")
    call_command("migrate", verbosity=0)
    assert (shown("lock_timeout"), shown("statement_timeout")) == before


def test_a_table_that_is_held_is_tried_again(
    holder: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    waits: list[float] = []

    def wait(pause_s: float) -> None:
        waits.append(pause_s)
        holder.rollback()

    monkeypatch.setattr(DjangoCommand, "handle", change)
    monkeypatch.setattr(migrate.time, "sleep", wait)
    try:
        call_command("migrate")
        assert waits == [migrate.PAUSE_S]
        assert "nothing changed (1/30)" in capsys.readouterr().err
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE markets_market DROP COLUMN IF EXISTS one_too_many")


def test_a_table_that_is_never_free_is_left_as_it_was(
    holder: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DjangoCommand, "handle", change)
    monkeypatch.setattr(migrate.time, "sleep", lambda _: None)
    monkeypatch.setattr(migrate, "TRIES", 2)
    with pytest.raises(CommandError, match="never free"):
        call_command("migrate")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM information_schema.columns WHERE column_name = 'one_too_many'")
        assert cursor.fetchone() == (0,)


def test_other_failures_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OperationalError("the disk is full")

    monkeypatch.setattr(DjangoCommand, "handle", fail)
    with pytest.raises(OperationalError, match="disk is full"):
        call_command("migrate")
