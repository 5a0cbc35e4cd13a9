"""A backup of a site in use, a byte that flips, and the way back to any moment."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from common import clock
from markets.models import Market
from opinion_market.backups import files, programs
from opinion_market.local import layout, postgres, sockets
from tests.factories.trading import funded_alice, live_market, place
from trading.models import Order

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place_for_files() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="om-backup-", dir="/tmp"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made)


@pytest.fixture(autouse=True)
def _archive(settings, place_for_files: Path) -> None:
    settings.JOURNAL_ARCHIVE_DIR = place_for_files / "archive"


def manage(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def orders_in(data_dir: Path) -> int:
    """What a server on the restored directory finds."""
    directory = sockets.prepare(layout.servers_dir(data_dir))
    server = postgres.EmbeddedPostgres(data_dir=data_dir / "postgres", socket_dir=directory, settings=postgres.DURABLE)
    server.start()
    try:
        with psycopg.connect(server.url(database=connection.settings_dict["NAME"])) as found:
            row = found.execute("SELECT count(*) FROM trading_order").fetchone()
    finally:
        server.stop()
        sockets.remove(directory)
    assert row is not None
    return int(row[0])


class Streaming:
    """Orders without a pause, from a thread, while the block runs."""

    def __init__(self, market: Market) -> None:
        self._alice, self._market = funded_alice(), market
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._trade)
        self.placed = 0

    def _trade(self) -> None:
        while not self._is_over.is_set():
            place(self._alice, self._market, price=0.01 + self.placed % 50 / 100, shares=1)
            self.placed += 1
            self._is_over.wait(0.01)
        connection.close()

    def __enter__(self) -> "Streaming":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._is_over.set()
        self._thread.join()


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def test_a_backup_under_load_restores_whole_and_a_flipped_byte_is_found(place_for_files: Path) -> None:
    folder, restored = place_for_files / "monday", place_for_files / "restored"
    (place_for_files / "archive" / "7").mkdir(parents=True)
    (place_for_files / "archive" / "7" / "1.jsonl.gz").write_bytes(b"kept")
    (place_for_files / "archive" / "7" / "2.part").touch()
    with Streaming(live_market()) as stream:
        before = Order.objects.count()
        manage("backup", str(folder))
        after = stream.placed
    assert after > before + 10
    text = manage("restore", str(folder), "--to", str(restored))
    assert "13 invariants hold." in text
    assert "copying base: 100% of" in text
    assert before <= orders_in(restored) <= after
    assert [path.name for path in (restored / "journal" / "7").iterdir()] == ["1.jsonl.gz"]
    assert (restored / "journal" / "7" / "1.jsonl.gz").read_bytes() == b"kept"
    with pytest.raises(CommandError, match="is not empty"):
        manage("restore", str(folder), "--to", str(restored))
    with pytest.raises(CommandError, match="is not empty"):
        manage("backup", str(folder))
    with pytest.raises(CommandError, match=r"has no WAL after its base"):
        manage("restore", str(folder), "--to", str(place_for_files / "x"), "--until", "2026-11-22T21:30:00+00:00")
    with pytest.raises(CommandError, match="made without --keep-wal"):
        manage("backup", str(folder), "--wal")

    largest = max((folder / "base" / "base").rglob("*"), key=lambda path: path.stat().st_size)
    segment = next((folder / "base" / "pg_wal").glob("0*"))
    flipped = [segment, folder / "backup.json", folder / files.MANIFEST, folder / "journal" / "7" / "1.jsonl.gz"]
    for path in [largest, *flipped]:
        flip(path)
        with pytest.raises(CommandError, match="The backup is damaged") as caught:
            manage("verify_backup", str(folder))
        assert path.relative_to(folder / "base" if path is largest else folder).as_posix() in str(caught.value)
        flip(path)
    (folder / "base" / "added").touch()
    with pytest.raises(CommandError, match="base/added: not of this backup"):
        manage("verify_backup", str(folder))
    (folder / "base" / "added").unlink()
    (folder / "journal" / "half").touch()
    assert "journal/half: left unfinished, not restored" in manage("verify_backup", str(folder))
    flip(folder / files.SUMS)
    with pytest.raises(CommandError, match="The backup is damaged"):
        manage("restore", str(folder), "--to", str(place_for_files / "never"))
    assert not (place_for_files / "never").exists()


def commands_of_the_guide() -> list[str]:
    text = (Path(settings.BASE_DIR) / "docs" / "backups.md").read_text(encoding="utf-8")
    start = ".venv/bin/python manage.py "
    return [line.removeprefix(start) for line in text.splitlines() if line.startswith(start)]


def test_the_commands_of_the_guide_lead_back_to_a_moment(place_for_files: Path) -> None:
    backup, verify, wal, newest, to_moment, end = commands_of_the_guide()
    market = live_market()

    def run(line: str, moment: datetime | None = None) -> str:
        words = line.replace("/backups", str(place_for_files)).replace("/srv", str(place_for_files)).split()
        if moment is not None:
            words[-1] = moment.isoformat()
        return manage(*words)

    with Streaming(market):
        assert "Done: " in run(backup)
    assert "Each byte is as it was." in run(verify)
    at_moment, moment = Order.objects.count(), clock.now()
    place(funded_alice(), market, price=0.6, shares=3)
    assert "Done: " in run(wal)
    place(funded_alice(), market, price=0.5, shares=3)
    # Nobody trades between this time and the end of what is kept.
    quiet_moment = clock.now()
    assert "Done: " in run(wal)
    place(funded_alice(), market, price=0.4, shares=3)

    assert "13 invariants hold." in run(newest)
    assert orders_in(place_for_files / "restored") == at_moment + 2
    assert "13 invariants hold." in run(to_moment, moment)
    assert orders_in(place_for_files / "before") == at_moment
    assert "13 invariants hold." in run(to_moment.replace("before", "quiet"), quiet_moment)
    assert orders_in(place_for_files / "quiet") == at_moment + 2

    with pytest.raises(CommandError, match="recovery ended before configured recovery target was reached"):
        run(to_moment.replace("before", "too-late"), clock.now() + timedelta(days=1))

    run(end)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE 'opinion_market_%%'")
        assert cursor.fetchone() == (0,)


def test_a_password_is_on_no_command_line(place_for_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = place_for_files / "program"
    program.write_text('#!/bin/sh\necho "$@"\necho "it is $PGPASSWORD"\nexit 3\n')
    program.chmod(0o755)
    monkeypatch.setattr(programs, "path_of", lambda name: str(program))
    source = programs.Source("postgresql://keeper:canary@db.example/site", place_for_files)  # not-a-secret
    said: list[str] = []
    with pytest.raises(programs.BackupError, match="pg_basebackup failed:"):
        programs.run("pg_basebackup", "--progress", source=source, say=said.append)
    assert said == ["  --dbname=user=keeper dbname=site host=db.example --no-password --progress", "  it is canary"]
