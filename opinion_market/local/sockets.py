"""The private directory that holds the servers' sockets."""

import os
import shutil
from pathlib import Path

from opinion_market.local import processes
from opinion_market.local.postgres import ServerError


def prepare(directory: Path) -> Path:
    """Create ``directory`` for the server account alone; refuse one that somebody else made."""
    account = processes.server_account()
    owner = os.geteuid() if account is None else account.pw_uid
    directory.mkdir(mode=0o700, exist_ok=True)
    if directory.lstat().st_uid == os.geteuid() and not directory.is_symlink():
        processes.give_to_server_account(directory)
    if directory.is_symlink() or directory.lstat().st_uid != owner or directory.lstat().st_mode & 0o077:
        raise ServerError(f"{directory} belongs to somebody else. Remove it and try again.")
    return directory


def remove_stale(pattern_dir: Path, *, prefix: str) -> None:
    """Remove directories named ``prefix<pid>-...`` whose process is gone."""
    for directory in pattern_dir.glob(f"{prefix}*"):
        pid = directory.name.removeprefix(prefix).split("-")[0]
        if pid.isdigit() and not processes.command_line(int(pid)):
            shutil.rmtree(directory, ignore_errors=True)


def remove(directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
