"""The programs of the version before on the tables of this one, under load: `make upgrade`.

Run        A site of the older version (two web instances, workers and beats, behind nginx) takes orders. This version
           migrates its tables meanwhile. The older programs go on, one starts anew on the new tables; then one web
           instance after the other is replaced by this version, and one goes back to the older.
Older      The commit with which docs/releases/migrations-VERSION.txt, the newest, came: from there on each migration is
           checked to let older programs run. ``--old REVISION`` takes another one.
Busy       While a migration holds a table, whoever waits for it for two seconds is told so: 503 with Retry-After. Those
           are sent again, with their keys, and must be answered then; no other failure counts as nothing.
Exit       0 when no request failed, every acknowledged order is there once and the ledger balances; 2 without the older
           version, which a shallow clone doesn't have.
"""

import argparse
import asyncio
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Final

from scripts.scaleout.__main__ import finish
from scripts.scaleout.load import NEVER, Busy, Load, check_answers, write_evidence
from scripts.scaleout.outcome import Outcome, say
from scripts.scaleout.programs import PROJECT, Program
from scripts.scaleout.restarting import Restarting
from scripts.scaleout.site import Site, nginx
from scripts.scaleout.watching import SOCKETS
from scripts.storm.settle import settle

PER_SECOND: Final = 40.0
#: Orders between one act and the next.
CALM_ORDERS: Final = 100
#: For the answers that were decided on when the migrations ended.
TOLD_WITHIN_S: Final = 10.0
_LISTS: Final = ":(glob)docs/releases/migrations-[0-9]*.txt"


class NoOlderVersionError(Exception):
    """This clone doesn't have it."""


class Upgrade:
    def __init__(self, directory: Path, older: Path) -> None:
        self.directory, self.older = directory, older
        self.site = Site(directory, code=older)
        self.outcome = Outcome()
        self.restarting = Restarting(self.site, self.outcome)
        self.busy = NEVER

    def run(self) -> None:
        try:
            say("a site of the older version")
            self.site.start()
            seeded = json.loads(self.site.manage("-m", "scripts.storm.seed").splitlines()[-1])
            with Load(self.site, seeded, cookie="", per_second=PER_SECOND) as load:
                self._acts(load)
                load.end()
                load.check_readers(self.outcome, hints_min=SOCKETS, busy=self.busy)
                secrets = {one["user_id"]: one["secret"] for one in seeded["traders"]}
                asyncio.run(settle(self.directory, port=self.site.port, secrets=secrets, timeout_s=60.0))
                self.site.code = PROJECT
                write_evidence(self.site)
        finally:
            self.site.stop()
        check_answers(self.directory, self.outcome, busy=self.busy)

    def _acts(self, load: Load) -> None:
        load.wait_for_orders(CALM_ORDERS)
        older, began = self._migrations(), time.monotonic()
        newer = self._migrate()
        self.busy = Busy(began, time.monotonic() + TOLD_WITHIN_S)
        self.outcome.figures["migrations of the older version"] = len(older)
        self.outcome.figures["migrations applied under load"] = len(newer - older)
        say(f"{len(newer - older)} migrations were applied; the older programs go on")
        load.wait_for_orders(CALM_ORDERS)
        first, second = self.site.webs
        say("an older web instance and an older worker start anew on the new tables")
        self.restarting.restart_web(first)
        self.restarting.restart(self.site.workers[0])
        load.wait_for_orders(CALM_ORDERS)
        say("one program after the other is replaced by this version")
        for web in (first, second):
            self._replace(web)
        for program in (*self.site.workers, *self.site.beats):
            program.code = PROJECT
            self.restarting.restart(program)
        load.wait_for_orders(CALM_ORDERS)
        say("one web instance goes back to the older version")
        second.code = self.older
        self.restarting.restart_web(second)
        load.wait_for_orders(CALM_ORDERS)

    def _replace(self, web: Program) -> None:
        web.code = PROJECT
        self.restarting.restart_web(web)

    def _migrations(self) -> set[tuple[str, str]]:
        with self.site.connect(autocommit=True) as connection:
            return {(app, name) for app, name in connection.execute("SELECT app, name FROM django_migrations")}

    def _migrate(self) -> set[tuple[str, str]]:
        self.site.migrate(code=PROJECT)
        self.site.let_in(self.site.secrets, code=PROJECT)
        return self._migrations()


def older_revision() -> str:
    """The commit with which the newest list of released migrations came. Raises: NoOlderVersionError"""
    if git("rev-parse", "--is-shallow-repository").strip() == b"true":
        raise NoOlderVersionError("This clone is shallow: git fetch --unshallow")
    found = git("log", "--diff-filter=A", "--format=%H", "-1", "--", _LISTS).decode().strip()
    if not found:
        raise NoOlderVersionError("No commit of this clone has brought docs/releases/migrations-VERSION.txt.")
    return found


def lay_out(revision: str, directory: Path) -> None:
    """The files of ``revision``. Raises: NoOlderVersionError"""
    try:
        archive = git("archive", "--format=tar", f"{revision}^{{commit}}")
    except subprocess.CalledProcessError as error:
        raise NoOlderVersionError(f"This clone has no commit {revision}.") from error
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(directory, filter="data")


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=PROJECT, stdout=subprocess.PIPE, check=True).stdout


def main() -> int:
    parser = argparse.ArgumentParser(prog="make upgrade", description=__doc__)
    parser.add_argument("--old", default="", metavar="REVISION", help="Another older version.")
    options = parser.parse_args()
    nginx()
    directory = Path(tempfile.mkdtemp(prefix="om-scale-"))
    directory.chmod(0o755)
    older = directory / "older"
    older.mkdir()
    try:
        revision = options.old or older_revision()
        lay_out(revision, older)
    except NoOlderVersionError as error:
        say(str(error))
        shutil.rmtree(directory, ignore_errors=True)
        return 2
    say(f"the older version is {git('log', '-1', '--format=%h of %ad: %s', revision).decode().strip()}")
    upgrade = Upgrade(directory, older)
    return finish(upgrade.run, upgrade.outcome, directory)


if __name__ == "__main__":
    sys.exit(main())
