"""The script with which the playbook makes roles and database: what is missing, once."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from opinion_market.local import binaries

SCRIPT = Path(__file__).resolve().parents[2] / "deploy/ansible/database.sh"
OWNER, APP, DATABASE = (f"om_playbook_{os.getpid()}_{part}" for part in ("owner", "app", "data"))
pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[psycopg.Connection[Any]]:
    """The tests' own, as whoever may make roles; afterwards nothing of the script is left."""
    given = connection.get_connection_params()
    with psycopg.connect(
        dbname="postgres", host=given["host"], port=given.get("port"), user=given["user"], autocommit=True
    ) as opened:
        yield opened
        opened.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(DATABASE)))
        for role in (OWNER, APP):
            opened.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def run(server: psycopg.Connection[Any]) -> str:
    environment = {
        "PATH": f"{binaries.postgres_bin()}:{os.environ['PATH']}", "PGHOST": server.info.host,
        "PGPORT": str(server.info.port), "PGUSER": server.info.user, "PGDATABASE": "postgres",
        "OWNER": OWNER, "APP": APP, "DATABASE": DATABASE,
    }  # fmt: skip
    return subprocess.run(["sh", SCRIPT], env=environment, capture_output=True, text=True, check=True).stdout


def test_what_is_missing_is_made_and_a_second_run_changes_nothing(server: psycopg.Connection[Any]) -> None:
    assert run(server).splitlines() == [f"made {OWNER}", f"made {APP}", f"made {DATABASE}"]
    assert run(server) == ""
    made = server.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
    assert made == (OWNER,)
