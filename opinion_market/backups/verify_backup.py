"""Whether each byte of a backup is as it was made."""

from pathlib import Path

from opinion_market.backups import files
from opinion_market.backups.programs import BackupError, Say, run


def faults_of(folder: Path, *, say: Say) -> list[str]:
    """What is wrong, a line each; empty when each file has its checksum and PostgreSQL can read its WAL."""
    sums, listed = files.read_sums(folder), files.manifest_paths(folder)
    found = {path.relative_to(folder).as_posix(): path for path in files.files_under(folder)}
    progress = files.Progress(say, "reading", sum(path.stat().st_size for name, path in found.items() if name in sums))
    faults = [f"{name}: missing" for name in sums if name not in found]
    for name, path in found.items():
        if name in sums:
            faults += [f"{name}: changed"] if files.sum_of(path) != sums[name] else []
            progress.add(path.stat().st_size)
        elif name.startswith(files.GROWING):
            say(f"  {name}: left unfinished, not restored")
        elif name not in listed and name != files.SUMS:
            faults.append(f"{name}: not of this backup")
    if files.MANIFEST not in sums:
        faults.append(f"{files.MANIFEST}: has no checksum")
    return faults + _faults_of_base(folder, say)


def _faults_of_base(folder: Path, say: Say) -> list[str]:
    try:
        run("pg_verifybackup", "--progress", str(folder / "base"), say=say)
    except BackupError as error:
        return [str(error)]
    return []
