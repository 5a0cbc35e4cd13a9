"""django-prometheus counts what happens to accounts and keys."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from prometheus_client import REGISTRY

from accounts.models import ApiKey
from tests.factories.accounts import make_user


def counted(what: str, model: str) -> float:
    return REGISTRY.get_sample_value(f"django_model_{what}_total", {"model": model}) or 0.0


@pytest.mark.django_db
def test_inserts_updates_and_deletes_are_counted() -> None:
    before = [counted(what, "user") for what in ("inserts", "updates", "deletes")]
    alice = make_user("alice")
    alice.first_name = "Alice"
    alice.save(update_fields=["first_name"])
    alice.delete()
    after = [counted(what, "user") for what in ("inserts", "updates", "deletes")]
    assert [new - old for old, new in zip(before, after, strict=True)] == [1.0, 1.0, 1.0]


@pytest.mark.django_db
def test_a_key_is_counted_by_its_own_name() -> None:
    before = counted("inserts", "api_key")
    ApiKey.objects.create(user=make_user("bob"), name="bot", prefix="omk_", digest=b"1")
    assert counted("inserts", "api_key") == before + 1


@pytest.mark.django_db
def test_migrations_know_nothing_of_it() -> None:
    state = MigrationLoader(connection).project_state()
    for name in ("user", "apikey"):
        assert [base for base in state.models["accounts", name].bases if "Export" in str(base)] == []
