"""A backup back into a data directory, proven before anybody uses it.

Contract   ``restore_backup`` fills ``DATA_DIR`` anew; ``make up`` with it goes on from there. It raises unless the
           backup verifies, the server starts, and every invariant holds.
Invariant  The backup is only read. The server that recovers listens on a private socket and nowhere else.
"""

import gzip
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from opinion_market.backups import files
from opinion_market.backups.programs import BackupError, Say
from opinion_market.backups.verify_backup import faults_of
from opinion_market.local import layout, postgres, processes, servers, sockets

ENDING: Final = ".gz"
#: Nothing of the server that was backed up may reach out from the copy, or keep it from starting.
QUIET: Final = {"hot_standby": "off", "archive_mode": "off", "ssl": "off", "shared_preload_libraries": ""}
SAY_EVERY_S: Final = 5.0


def restore_backup(*, folder: Path, to: Path, until: datetime | None, manage: Path, say: Say) -> None:
    """Restore to ``until`` (null: all that the backup has), start a server on it and check the invariants."""
    faults = faults_of(folder, say=say)
    if faults:
        raise BackupError("The backup is damaged:\n" + "\n".join(faults))
    facts = files.read_facts(folder)
    home = _empty_home(to)
    sums = files.read_sums(folder)
    segments = [folder / name for name in sorted(sums) if name.startswith("wal/")]
    if until is not None and not segments:
        raise BackupError(f"{folder} has no WAL after its base, so that it restores to one moment: {facts.made_at}.")
    data_dir, wal = home / "postgres", home / "wal-to-recover"
    files.copy_files(folder / "base", data_dir, say=say)
    if (folder / "journal").is_dir():
        files.copy_files(folder / "journal", to / "journal", say=say, only=lambda name: f"journal/{name}" in sums)
    if segments:
        _unpack(segments, wal, say)
        (data_dir / "recovery.signal").touch()
    with _running(_server(data_dir, layout.servers_dir(to), _recovery(wal, until) if segments else {}), say) as server:
        _check(server.url(user=facts.owner, database=facts.database), to, manage, say)
    shutil.rmtree(wal, ignore_errors=True)


def _empty_home(to: Path) -> Path:
    home = servers.reachable_data_dir(to)
    for place in {to, home}:
        if place.exists() and any(place.iterdir()):
            raise BackupError(f"{place} is not empty. Name a new directory.")
    home.mkdir(parents=True, exist_ok=True)
    return home


def _unpack(segments: list[Path], target: Path, say: Say) -> None:
    target.mkdir(mode=0o700)
    say(f"  unpacking {len(segments)} files of WAL")
    for path in segments:
        is_packed = path.suffix == ENDING
        copy = target / (path.stem if is_packed else path.name)
        with gzip.open(path) if is_packed else path.open("rb") as source, copy.open("wb") as unpacked:
            shutil.copyfileobj(source, unpacked)


def _recovery(wal: Path, until: datetime | None) -> dict[str, str]:
    settings = {"restore_command": f'cp "{wal}/%f" "%p"', "recovery_target_action": "promote"}
    return settings if until is None else settings | {"recovery_target_time": until.isoformat()}


def _server(data_dir: Path, socket_dir: Path, recovery: dict[str, str]) -> postgres.EmbeddedPostgres:
    access = data_dir.parent / "restore_hba.conf"
    access.write_text("local all all trust\n", encoding="utf-8")
    for name in ("postgresql.conf", "pg_ident.conf"):
        # Some systems keep these elsewhere, where no base backup looks.
        (data_dir / name).touch()
    for path in (access, data_dir.parent / "wal-to-recover", data_dir):
        for one in [path, *path.rglob("*")] if path.exists() else []:
            processes.give_to_server_account(one)
    settings = postgres.DURABLE | QUIET | recovery | {"hba_file": str(access)}
    return postgres.EmbeddedPostgres(data_dir=data_dir, socket_dir=sockets.prepare(socket_dir), settings=settings)


@contextmanager
def _running(server: postgres.EmbeddedPostgres, say: Say) -> Iterator[postgres.EmbeddedPostgres]:
    began = said = time.monotonic()
    server.launch()
    try:
        # No limit: how long it takes depends on the WAL. Without hot standby it answers when it has recovered.
        while not server.is_answering():
            if server.process is None or server.process.poll() is not None:
                raise BackupError(server.failure())
            if time.monotonic() - said > SAY_EVERY_S:
                said = time.monotonic()
                say(f"  PostgreSQL recovers ({said - began:.0f} s)")
            time.sleep(0.1)
        say(f"  PostgreSQL has recovered ({time.monotonic() - began:.1f} s)")
        yield server
    finally:
        server.stop()
        Path(server.settings["hba_file"]).unlink(missing_ok=True)
        sockets.remove(server.socket_dir)


def _check(url: str, to: Path, manage: Path, say: Say) -> None:
    """In a process of its own, whose settings are those of the restored directory."""
    changed = {"DATABASE_URL": url, "DATA_DIR": str(to), "JOURNAL_ARCHIVE_DIR": "", "PROCESS_ROLE": "command"}
    done = subprocess.run(  # noqa: S603  our own command
        [sys.executable, str(manage), "check_invariants"],
        env=os.environ | changed, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )  # fmt: skip
    say(done.stdout.rstrip())
    if done.returncode != 0:
        raise BackupError("The restored data breaks an invariant, see above.")
