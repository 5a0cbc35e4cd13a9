"""Other passwords of PostgreSQL and Redis, and another SECRET_KEY, while the site runs: docs/rotation.md, step by step.

Contract   The new secret is known to the servers before any program uses it, and the old one is taken away only when no
           program does. In between every program restarts once, one after the other.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import psycopg
import redis
from psycopg import sql

from scripts.scaleout.outcome import Outcome, say
from scripts.scaleout.programs import wait_until
from scripts.scaleout.site import Secrets, Site

NEW_KEY: Final = "another-another-another-another-another-another-0002"  # not-a-secret
SECOND_ROLE: Final = "opinion_market_app2"


def give_second_passwords(site: Site) -> Secrets:
    """PostgreSQL gets a second role and Redis a second password; every program uses them from its next start on.

    Returns the first ones, which still count.
    """
    say("a second role of PostgreSQL and a second password of Redis; both count from now on")
    first = site.secrets
    second = replace(
        first,
        role=SECOND_ROLE,
        database_password="second:of/two@the database",  # noqa: S106  # not-a-secret
        redis_password="second:of/two@redis",  # noqa: S106  # not-a-secret
    )
    site.let_in(second)
    with redis.Redis.from_url(site.redis_url(first)) as client:
        client.execute_command("ACL", "SETUSER", "default", f">{second.redis_password}")
    site.use(second)
    return first


def take_first_passwords(site: Site, first: Secrets, outcome: Outcome) -> None:
    """When every program has restarted: nobody uses the first ones, and then nobody can. Raises: NotInTimeError"""
    say("nobody uses the first ones any more; they are taken away")
    with site.connect(autocommit=True) as connection:
        wait_until(lambda: _sessions(connection, first.role) == 0, f"no session of {first.role}")
        connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(first.role)))
        outcome.figures[f"sessions of {site.secrets.role}"] = _sessions(connection, site.secrets.role)
    with redis.Redis.from_url(site.redis_url(site.secrets)) as client:
        client.execute_command("ACL", "SETUSER", "default", f"<{first.redis_password}")
    outcome.expect(not _is_let_in_by_database(site, first), "the first role still gets into PostgreSQL")
    outcome.expect(_is_let_in_by_database(site, site.secrets), "the second role doesn't get into PostgreSQL")
    outcome.expect(not _is_let_in_by_redis(site, first), "the first password still opens Redis")
    outcome.expect(_is_let_in_by_redis(site, site.secrets), "the second password doesn't open Redis")


def change_key(site: Site, roll: Callable[[], None], outcome: Outcome) -> None:
    """``roll`` restarts every web instance and worker, one after the other."""
    say("the secret key is changed: known to all, used by all, everything moved, the old one gone")
    old_key = site.secrets.key
    site.use(replace(site.secrets, fallbacks=NEW_KEY))
    roll()
    site.use(replace(site.secrets, key=NEW_KEY, fallbacks=old_key))
    roll()
    site.manage("rotate_keys")
    site.use(replace(site.secrets, key=NEW_KEY, fallbacks=""))
    roll()
    read = site.manage("-m", "scripts.scaleout.secrets", "read").strip()
    outcome.expect(read == "readable", f"the second factor is {read}")


def _sessions(connection: psycopg.Connection, role: str) -> int:
    row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = %s", [role]).fetchone()
    assert row is not None
    return int(row[0])


def _is_let_in_by_database(site: Site, secrets: Secrets) -> bool:
    try:
        psycopg.connect(site.database_url(site.primary, secrets), connect_timeout=60).close()
    except psycopg.OperationalError:
        return False
    return True


def _is_let_in_by_redis(site: Site, secrets: Secrets) -> bool:
    with redis.Redis.from_url(site.redis_url(secrets), socket_timeout=60) as client:
        try:
            client.ping()
        except redis.AuthenticationError:
            return False
    return True
