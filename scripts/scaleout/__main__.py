"""A site of two of each behind nginx, held under load while its parts are restarted: `make scaleout`, or SHORT=1.

Run        Traders, readers and sockets come through the proxy. Meanwhile PostgreSQL and Redis get second passwords,
           each web instance and worker restarts with them one after the other, a worker and the beat that leads are
           killed, the other beat is told to end, the first passwords are taken away, the replica stands still and goes.
           The long form restarts everything more often and changes SECRET_KEY as well. Then quiet, and the storm's
           checker reads what is left.
Exit       0 when no request failed, no socket was lost without a word, every acknowledged order is there once, the
           ledger balances, and whoever had to take over did so. What failed is kept.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from scripts.scaleout.load import Load, check_answers, write_evidence
from scripts.scaleout.outcome import Outcome, say
from scripts.scaleout.programs import NotInTimeError
from scripts.scaleout.restarting import Restarting
from scripts.scaleout.rotation import change_key, give_second_passwords, take_first_passwords
from scripts.scaleout.site import Site, nginx
from scripts.scaleout.watching import SOCKETS

REPLICA_LAG_MAX_S: Final = 4
#: Orders between one act and the next.
CALM_ORDERS: Final = 60


class ScaleOut:
    def __init__(self, directory: Path, *, rounds: int, per_second: float) -> None:
        self.directory, self.rounds, self.per_second = directory, rounds, per_second
        self.site = Site(directory)
        self.outcome = Outcome()
        self.restarting = Restarting(self.site, self.outcome)

    def run(self) -> Outcome:
        try:
            say("PostgreSQL, its replica, Redis, two web instances, two workers, two beats, nginx")
            self.site.start()
            seeded = json.loads(self.site.manage("-m", "scripts.storm.seed").splitlines()[-1])
            cookie = self.site.manage("-m", "scripts.scaleout.secrets", "make").strip()
            with Load(self.site, seeded, cookie=cookie, per_second=self.per_second) as load:
                self._acts(load)
                load.end()
                # Each socket was on one of the two instances, and both were restarted.
                load.check_readers(self.outcome, hints_min=SOCKETS)
            write_evidence(self.site)
        finally:
            self.site.stop()
        check_answers(self.directory, self.outcome)
        return self.outcome

    def _acts(self, load: Load) -> None:
        load.wait_for_orders(CALM_ORDERS)
        first = give_second_passwords(self.site)
        say("web instances and workers restart, one after the other")
        self.restarting.roll()
        self.restarting.kill_worker_and_leader()
        self.restarting.end_leader()
        take_first_passwords(self.site, first, self.outcome)
        load.wait_for_orders(CALM_ORDERS)
        self._stop_replica()
        for number in range(self.rounds):
            say(f"rolling restart {number + 1} of {self.rounds}")
            self.restarting.roll()
        if self.rounds:
            change_key(self.site, self.restarting.roll, self.outcome)
        load.wait_for_orders(CALM_ORDERS)

    def _stop_replica(self) -> None:
        say("the replica stands still, then is away")
        self._read("follows", self.site.replica.url())
        self.site.replica.stop()
        self._read("away", "away")
        self.site.replica.start()

    def _read(self, what: str, argument: str) -> None:
        printed = self.site.manage("-m", "scripts.scaleout.reading", argument, REPLICA_LAG_MAX_S=str(REPLICA_LAG_MAX_S))
        seen = json.loads(printed.splitlines()[-1])
        self.outcome.mistakes += [f"replica {what}: {mistake}" for mistake in seen.pop("mistakes")]
        self.outcome.figures |= seen


def main() -> int:
    parser = argparse.ArgumentParser(prog="make scaleout", description=__doc__)
    parser.add_argument("--short", action="store_true", help="The form that CI runs.")
    options = parser.parse_args()
    nginx()
    directory = Path(tempfile.mkdtemp(prefix="om-scale-"))
    directory.chmod(0o755)
    run = ScaleOut(directory, rounds=0 if options.short else 2, per_second=40 if options.short else 80)
    return finish(run.run, run.outcome, directory)


def finish(run: Callable[[], object], outcome: Outcome, directory: Path) -> int:
    """Run it, tell what was seen; the exit code. The evidence of a mistake is kept."""
    try:
        run()
    except (NotInTimeError, subprocess.CalledProcessError) as late:
        outcome.mistakes.append(str(late))
    outcome.tell()
    if outcome.mistakes:
        say(f"The evidence is in {directory}.")
    else:
        shutil.rmtree(directory, ignore_errors=True)
    return 1 if outcome.mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
