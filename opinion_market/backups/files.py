"""The files of a backup: where they are, their checksums, and copying them.

Layout     ``base/`` (pg_basebackup's, with ``backup_manifest``), ``wal/`` (later WAL, gzip), ``journal/`` (the
           archive), ``backup.json``, and ``SHA256SUMS``, which is written last.
Invariant  Each file is in ``base/backup_manifest`` or in ``SHA256SUMS``, so that no byte goes unchecked. What
           a killed run left in ``wal/`` and ``journal/`` is in neither, and isn't restored.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from opinion_market.backups.programs import BackupError, Say

SUMS: Final = "SHA256SUMS"
FACTS: Final = "backup.json"
MANIFEST: Final = "base/backup_manifest"
GROWING: Final = ("wal/", "journal/")


@dataclass(frozen=True)
class Facts:
    """``slot`` keeps the server's WAL for this backup; empty when it keeps none."""

    version: str
    made_at: str
    database: str
    owner: str
    slot: str


class Progress:
    """Says how far it is at each tenth."""

    def __init__(self, say: Say, what: str, total: int) -> None:
        self._say, self._what, self._total = say, what, total
        self._done = self._tenths = 0

    def add(self, count: int) -> None:
        self._done += count
        tenths = 10 * self._done // max(1, self._total)
        if tenths > self._tenths:
            self._tenths = tenths
            self._say(f"  {self._what}: {10 * tenths}% of {self._total / 1e6:.0f} MB")


def files_under(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file() or path.is_symlink())


def copy_files(source: Path, target: Path, *, say: Say, only: Callable[[str], bool] = lambda name: True) -> list[Path]:
    """Copy the files whose relative name is wanted, each synced to the disk and named last; the copies."""
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in sorted(path for path in source.rglob("*") if path.is_dir()):
        (target / folder.relative_to(source)).mkdir(exist_ok=True, mode=0o700)
    wanted = [path for path in files_under(source) if only(path.relative_to(source).as_posix())]
    progress = Progress(say, f"copying {source.name}", sum(path.stat().st_size for path in wanted))
    for path in wanted:
        copy = target / path.relative_to(source)
        unfinished = copy.with_name(f"{copy.name}.tmp")
        shutil.copyfile(path, unfinished)
        _sync(unfinished)
        unfinished.chmod(0o600)
        unfinished.rename(copy)
        progress.add(copy.stat().st_size)
    return [target / path.relative_to(source) for path in wanted]


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())


def write_facts(folder: Path, facts: Facts) -> None:
    (folder / FACTS).write_text(json.dumps(asdict(facts), indent=1) + "\n", encoding="utf-8")


def read_facts(folder: Path) -> Facts:
    try:
        return Facts(**json.loads((folder / FACTS).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{folder} holds no finished backup: {error}") from error


def manifest_paths(folder: Path) -> set[str]:
    """What pg_verifybackup checks, relative to the backup; empty when the manifest cannot be read."""
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["Files"]
        names = [file["Path"] if "Path" in file else bytes.fromhex(file["Encoded-Path"]).decode() for file in files]
    except (OSError, ValueError, TypeError, KeyError):
        return set()
    return {f"base/{name}" for name in names}


def sum_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_sums(folder: Path) -> dict[str, str]:
    """Checksum by path; a line that is none stands for itself, so that it is missed as a file."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise BackupError(f"{folder} holds no finished backup: {error}") from error
    return {path or line: digest for line in lines for digest, _, path in [line.partition("  ")]}


def write_sums(folder: Path, *, known: dict[str, str]) -> None:
    """Add the checksums of the files that neither ``known`` nor the manifest has, and put the list in its place."""
    sums = dict(known)
    listed = manifest_paths(folder)
    for path in files_under(folder):
        name = path.relative_to(folder).as_posix()
        if name != SUMS and name not in sums and name not in listed:
            sums[name] = sum_of(path)
    unfinished = folder.parent / f".{folder.name}.{SUMS}"
    unfinished.write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())), encoding="utf-8")
    _sync(unfinished)
    unfinished.rename(folder / SUMS)
