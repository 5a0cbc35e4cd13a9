"""One PostgreSQL for the run, with a database for each worker, cloned from a migrated template; a Redis for each."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from psycopg import sql
from pytest_django import DjangoDbBlocker

from opinion_market.local import layout, postgres, redis, sockets
from tests.clean_database import CleanDatabase

# Nobody balances between the servers of tests.
os.environ.setdefault("DRAIN_GRACE_S", "0")
_running: list[postgres.EmbeddedPostgres | redis.EmbeddedRedis] = []
_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}
_TEMPLATE = f"{layout.DATABASE}_test_{os.environ.setdefault('OM_TEST_RUN', str(os.getpid()))}"


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _is_own_postgres() -> bool:
    return os.environ["DATABASE_URL"] == layout.postgres_url(layout.test_servers_dir())


def _may_need_servers(config: pytest.Config) -> bool:
    return not (config.option.collectonly or config.getoption("--no-servers"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-servers",
        action="store_true",
        help="Start neither PostgreSQL nor Redis and leave out what needs them.",
    )


def pytest_sessionstart(session: pytest.Session) -> None:
    directory, redis_dir = layout.test_servers_dir(), layout.test_redis_dir()
    if not _may_need_servers(session.config):
        return
    if not _is_worker(session.config):
        sockets.remove_stale(directory.parent, prefix="omt-")
        sockets.prepare(directory)
        if _is_own_postgres():
            data_dir = directory / "pg"
            _start(postgres.EmbeddedPostgres(data_dir=data_dir, socket_dir=directory, settings=postgres.THROWAWAY))
    if os.environ["REDIS_URL"] == layout.redis_url(redis_dir):
        sockets.prepare(redis_dir)
        _start(redis.EmbeddedRedis(data_dir=redis_dir / "data", socket_dir=redis_dir))


def _needs_a_server(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    is_marked = any(item.get_closest_marker(name) for name in ("django_db", "redis"))
    return is_marked or not fixtures.isdisjoint(_DATABASE_FIXTURES)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--no-servers"):
        config.hook.pytest_deselected(items=[item for item in items if _needs_a_server(item)])
        items[:] = [item for item in items if not _needs_a_server(item)]


def _start(server: postgres.EmbeddedPostgres | redis.EmbeddedRedis) -> None:
    server.start()
    _running.append(server)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _may_need_servers(config) and not _is_worker(config) and not _is_own_postgres():
        with _admin() as admin:
            _drop(admin, _TEMPLATE)
    while _running:
        _running.pop().stop()
    if not _is_worker(config):
        sockets.remove(layout.test_servers_dir())


def _admin() -> psycopg.Connection:
    url = os.environ["DATABASE_URL"]
    if _is_own_postgres():
        url = layout.postgres_url(layout.test_servers_dir(), database="postgres")
    return psycopg.connect(url, autocommit=True)


def _drop(admin: psycopg.Connection, name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _build_template(admin: psycopg.Connection) -> None:
    if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [_TEMPLATE]).fetchone() is None:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_TEMPLATE)))
        _use(_TEMPLATE)
        call_command("migrate", verbosity=0, interactive=False)
        connection.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This worker's own database; pytest-django asks for it by this name."""
    name = f"{_TEMPLATE}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock(), _admin() as admin:
        # One worker migrates, the others wait for the lock and find the template.
        admin.execute("SELECT pg_advisory_lock(1)")
        _build_template(admin)
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(_TEMPLATE)))
        admin.execute("SELECT pg_advisory_unlock(1)")
        _use(name)
        clean = CleanDatabase()
        connection.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: clean.put_back())
        yield
    with django_db_blocker.unblock(), _admin() as admin:
        connection.close()
        _drop(admin, name)


@pytest.fixture(scope="session")
def project_dir() -> Path:
    return Path(__file__).resolve().parent
