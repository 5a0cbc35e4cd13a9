"""A backup of the running site, and later WAL for it.

Contract   ``make_backup`` fills an empty folder; without ``SHA256SUMS``, written last, it is no backup.
Why        The journal's archive is copied after the database: a record leaves its table only when its file
           is there, so every record of the copy is in one of the two.
"""

import secrets
from contextlib import ExitStack
from datetime import UTC
from pathlib import Path
from typing import Final

import psycopg

from common import clock
from common.version import VERSION
from opinion_market.backups import files
from opinion_market.backups.programs import BackupError, Say, Source, run

BASE: Final = ("--checkpoint=fast", "--manifest-checksums=SHA256", "--wal-method=stream", "--progress")
#: How the archive names a file that it is still writing.
UNFINISHED: Final = ".part"
#: Last byte of the segment that the switch ends: pg_receivewal stops once it is past it.
SEGMENT_END: Final = """
SELECT '0/0'::pg_lsn + ceil((ended - '0/0'::pg_lsn) / setting::numeric) * setting::numeric - 1
FROM pg_switch_wal() AS ended, pg_settings WHERE name = 'wal_segment_size'
"""


def make_backup(*, source: Source, folder: Path, keeps_wal: bool, say: Say) -> None:
    """Copy database and archive while the site runs; ``keeps_wal`` lets the server keep WAL for ``receive_wal``."""
    if folder.exists() and any(folder.iterdir()):
        raise BackupError(f"{folder} is not empty. Name a new folder for each backup.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    slot = f"opinion_market_{secrets.token_hex(4)}" if keeps_wal else ""
    with ExitStack() as undo:
        if slot:
            undo.callback(drop_slot, source=source, slot=slot)
        slots = ("--create-slot", f"--slot={slot}") if slot else ()
        run("pg_basebackup", f"--pgdata={folder / 'base'}", *BASE, *slots, source=source, say=say)
        _copy_journal(source, folder, say)
        parts = source.parts()
        made_at = clock.now().astimezone(UTC).isoformat()
        files.write_facts(folder, files.Facts(VERSION, made_at, parts.get("dbname", ""), parts.get("user", ""), slot))
        files.write_sums(folder, known={})
        undo.pop_all()


def receive_wal(*, source: Source, folder: Path, say: Say) -> None:
    """Fetch the WAL that the server wrote since; any time until now can be restored to afterwards."""
    slot = files.read_facts(folder).slot
    if not slot:
        raise BackupError(f"{folder} was made without --keep-wal, so that the server keeps no WAL for it.")
    known = files.read_sums(folder)
    wal = folder / "wal"
    wal.mkdir(exist_ok=True, mode=0o700)
    _remove_partial(wal)
    with source.connect() as connection:
        # A record and a switch end the segment, so that all of it is fetched and never changes again. The record is a
        # transaction of its own: PostgreSQL restores to a time only when something was committed after it.
        connection.execute("SELECT pg_logical_emit_message(true, 'backup', 'end', true)")
        row = connection.execute(SEGMENT_END).fetchone()
    assert row is not None
    run(
        "pg_receivewal", f"--directory={wal}", f"--slot={slot}", f"--endpos={row[0]}", "--no-loop", "--compress=gzip",
        source=source, say=say,
    )  # fmt: skip
    _remove_partial(wal)
    for copy in _copy_journal(source, folder, say):
        known.pop(copy.relative_to(folder).as_posix(), None)
    files.write_sums(folder, known=known)


def _remove_partial(wal: Path) -> None:
    for partial in wal.glob("*.partial"):
        partial.unlink()


def drop_slot(*, source: Source, slot: str) -> None:
    """Let the server drop the WAL that it keeps for a backup; nothing happens when it keeps none."""
    with source.connect() as connection:
        statement = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = %s"
        try:
            connection.execute(statement, [slot])
        except psycopg.Error as error:
            raise BackupError(f"The slot {slot} stays: {error}") from error


def _copy_journal(source: Source, folder: Path, say: Say) -> list[Path]:
    """Copy what is new; a file that the archive began again after a kill has another size."""
    target = folder / "journal"

    def is_wanted(name: str) -> bool:
        copy = target / name
        is_same = copy.exists() and copy.stat().st_size == (source.journal_dir / name).stat().st_size
        return not (is_same or name.endswith(UNFINISHED))

    return files.copy_files(source.journal_dir, target, say=say, only=is_wanted) if source.journal_dir.is_dir() else []
