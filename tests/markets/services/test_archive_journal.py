"""Old records move into files, and whoever is killed on the way has lost nothing."""

import gzip
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from common import clock
from common.jobs.enqueue import enqueue
from common.jobs.run import run_due_jobs
from common.models import Job
from markets.models import JournalFile, MarketEvent
from markets.selectors.journal_files import archive_dir
from markets.selectors.journal_records import kept_records
from markets.services import archive_journal as archiving
from markets.services import journal
from markets.services.archive_journal import archive_journal
from markets.types import EventKind
from tests.architecture.sources import ROOT
from tests.factories.markets import make_draft

pytestmark = pytest.mark.django_db(transaction=True)
START = datetime(2026, 1, 1, tzinfo=UTC)
RECORDS = 30


@pytest.fixture(autouse=True)
def small_files(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(archiving, "FILE_RECORDS", 8)
    monkeypatch.setattr(archiving, "MEMBER_RECORDS", 3)
    monkeypatch.setattr(archiving, "_DROP_ROWS", 3)
    settings.JOURNAL_ARCHIVE_DIR = tmp_path / "journal"


@pytest.fixture
def market():
    with clock.replaying(START):
        market = make_draft()
    with transaction.atomic():
        journal.lock_head(None, market.pk)
        for number in range(2, RECORDS + 1):
            data = {"reason": f'No. {number}, "quoted", [1, 2] – {"x" * number}'}
            at = START + timedelta(hours=number)
            journal.record(market.pk, EventKind.EDITED, at=at, actor_id=market.creator_id, data=data)
    return market


def left(market):
    return list(MarketEvent.objects.filter(market=market).values_list("seq", flat=True))


def days_until(hours):
    """So many days of keeping that what is older than ``START`` and these hours goes."""
    return (clock.now() - START - timedelta(hours=hours)) / timedelta(days=1)


def test_only_what_is_old_moves_and_every_byte_is_kept(market):
    before = list(kept_records(market.pk))
    report = archive_journal(days=days_until(20.5))
    assert (report.files, report.records, report.rewritten) == (3, 20, [])
    assert left(market) == list(range(21, RECORDS + 1))
    assert list(kept_records(market.pk)) == before
    assert archive_journal(days=days_until(20.5)).files == 0
    first = JournalFile.objects.order_by("first_seq")[0]
    assert (first.first_seq, first.last_seq, len(first.members)) == (1, 8, 3)
    with gzip.open(archive_dir() / first.path) as file:
        lines = [json.loads(line) for line in file]
    assert [line[0] for line in lines] == list(range(1, 9))
    assert archive_journal(days=days_until(40)).records == 10
    assert left(market) == []
    assert list(kept_records(market.pk)) == before


def test_postgresql_drops_nothing_that_is_in_no_verified_file(market):
    with pytest.raises(DatabaseError, match="no verified file"), transaction.atomic():
        MarketEvent.objects.filter(market=market).delete()
    archive_journal(days=days_until(8.5))
    file = JournalFile.objects.get()
    JournalFile.objects.update(verified_at=None, dropped_at=None, last_seq=12)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT markets_drop_archived(%s, 100)", [file.pk])
    with pytest.raises(DatabaseError, match="no verified file"), transaction.atomic():
        MarketEvent.objects.filter(market=market, seq=9).delete()
    assert left(market) == list(range(9, RECORDS + 1))


class Killed(BaseException):
    """Nothing catches it, as nothing catches a kill."""


#: Every step after which a process may be gone: what it calls, and how often it is called before it dies there.
STEPS = [
    ("_write_members", 0), ("_force", 0), ("clock.now", 1), ("_verify", 0), ("_drop", 0), ("_write", 1), ("_force", 1),
]  # fmt: skip


@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize(("step", "times"), STEPS)
def test_a_kill_at_any_step_loses_nothing(market, monkeypatch, step, times, is_after):
    before = list(kept_records(market.pk))
    owner, name = (archiving.clock, "now") if step == "clock.now" else (archiving, step)
    real, calls = getattr(owner, name), []

    def dying(*args, **kwargs):
        calls.append(1)
        if len(calls) <= times:
            return real(*args, **kwargs)
        if is_after:
            real(*args, **kwargs)
        raise Killed

    days = days_until(20.5)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, dying)
        with pytest.raises(Killed):
            archive_journal(days=days)
    assert list(kept_records(market.pk)) == before
    archive_journal(days=days)
    assert list(kept_records(market.pk)) == before
    assert left(market) == list(range(21, RECORDS + 1))
    assert not JournalFile.objects.filter(dropped_at=None).exists()
    assert not list(archive_dir().rglob("*.part"))


def test_a_kill_in_the_middle_of_dropping_goes_on(market, monkeypatch):
    before = list(kept_records(market.pk))
    calls = []

    def dying(records):
        calls.append(records)
        if len(calls) == 2:
            raise Killed

    with pytest.raises(Killed):
        archive_journal(days=days_until(20.5), on_progress=dying)
    assert left(market) == list(range(7, RECORDS + 1))
    assert list(kept_records(market.pk)) == before
    assert list(kept_records(market.pk, after_seq=4)) == before[4:]
    archive_journal(days=days_until(20.5))
    assert list(kept_records(market.pk)) == before


@pytest.mark.parametrize("damage", ["bytes", "gone"])
def test_a_file_that_is_not_what_was_written_is_written_again(market, monkeypatch, damage):
    before = list(kept_records(market.pk))
    with monkeypatch.context() as patch:
        patch.setattr(archiving, "_verify", lambda file: (_ for _ in ()).throw(Killed))
        with pytest.raises(Killed):
            archive_journal(days=days_until(20.5))
    path = archive_dir() / JournalFile.objects.get().path
    path.write_bytes(b"nonsense") if damage == "bytes" else path.unlink()
    report = archive_journal(days=days_until(20.5))
    assert (len(report.rewritten), report.records) == (1, 20)
    assert list(kept_records(market.pk)) == before


_KILL = """
import os, sys, django
django.setup()
from django.conf import settings
from django.db import connection
settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = sys.argv[1]
from markets.services import archive_journal as a
a.FILE_RECORDS, a.MEMBER_RECORDS, a._DROP_ROWS = 8, 3, 1
print("ready", flush=True)
a.archive_journal(days=float(os.environ["DAYS"]), on_progress=lambda _: print("on", flush=True))
"""


def test_a_process_that_is_killed_loses_nothing(market, settings):
    """With -9, while it drops the rows of a file."""
    before = list(kept_records(market.pk))
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "opinion_market.settings.test",
        "DAYS": str(days_until(20.5)),
        "JOURNAL_ARCHIVE_DIR": str(settings.JOURNAL_ARCHIVE_DIR),
    }
    command = [sys.executable, "-c", _KILL, connection.settings_dict["NAME"]]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert [process.stdout.readline() for _ in range(4)] == ["ready\n", "on\n", "on\n", "on\n"]
    process.kill()
    process.wait()
    process.stdout.close()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and len(left(market)) == RECORDS:
        time.sleep(0.05)
    assert 10 < len(left(market)) < RECORDS
    assert list(kept_records(market.pk)) == before
    archive_journal(days=days_until(20.5))
    assert list(kept_records(market.pk)) == before


def test_it_is_a_job_by_the_clock_and_a_command(market):
    enqueue(kind="archive_journal")
    run_due_jobs()
    assert Job.objects.get(kind="archive_journal").result == {
        "files": 4, "records": RECORDS, "bytes": sum(JournalFile.objects.values_list("bytes", flat=True)),
    }  # fmt: skip
    out = StringIO()
    call_command("archive_journal", "--check", stdout=out)
    assert "as it was written" in out.getvalue()
    call_command("archive_journal", "--days", "3", stdout=out)
    assert "0 records in 0 files" in out.getvalue()
    (archive_dir() / JournalFile.objects.order_by("id")[0].path).write_bytes(b"x")
    with pytest.raises(CommandError, match="1 files"):
        call_command("archive_journal", "--check", stdout=out, stderr=out)
