from unittest.mock import patch

import pytest
from django.db.migrations.executor import MigrationExecutor
from prometheus_client import REGISTRY

from monitoring.selectors import migrations
from monitoring.selectors.migrations import migration_gauges


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "_counted", None)


@pytest.mark.django_db
def test_a_migrated_database_lacks_none() -> None:
    found = migration_gauges()
    assert found['django_migrations_unapplied{connection="default"}'] == 0
    assert found['django_migrations_applied{connection="default"}'] > 30


@pytest.mark.django_db
def test_the_graph_is_built_once_a_minute() -> None:
    first = migration_gauges()
    with patch.object(migrations, "MigrationExecutor", side_effect=AssertionError):
        assert migration_gauges() == first


@pytest.mark.django_db
def test_what_is_missing_is_counted() -> None:
    with patch.object(MigrationExecutor, "migration_plan", return_value=[object(), object()]):
        assert migration_gauges()['django_migrations_unapplied{connection="default"}'] == 2


def test_no_process_of_its_own_tells_it() -> None:
    assert [family.name for family in REGISTRY.collect() if "migrations" in family.name] == []
