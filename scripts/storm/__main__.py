"""The storm: `make storm`, or `make storm SHORT=1`.

Run        The real product on servers of its own, traders on 20 markets, and a fault every few seconds; then quiet,
           every unknown outcome is sent again, and the checker reads what is left.
Exit       0 when nothing is wrong and the run was as large as it has to be. What failed is kept, with its history.
"""

import argparse
import asyncio
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from opinion_market.local import processes
from scripts.storm.checker.check import check
from scripts.storm.checker.evidence import read_evidence
from scripts.storm.checker.findings import Findings
from scripts.storm.checker.report import report_of
from scripts.storm.export import export
from scripts.storm.nemesis import Nemesis
from scripts.storm.operating import Operating
from scripts.storm.product import PROJECT, Product
from scripts.storm.settle import settle
from scripts.storm.traffic import Trader

_UNSETTLED: Final = """
SELECT count(*) FROM markets_market m JOIN trading_marketbook b ON b.market_id = m.id
WHERE m.status IN ('resolved', 'void') AND b.settled_at IS NULL
"""
JOBS_WITHIN_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Size:
    """``calm_s`` at the end of ``seconds`` has no new fault; the last two are what a run must reach."""

    seconds: float
    calm_s: float
    clients: int
    connections: int
    requests_per_s: float
    orders_min: int
    kills_min: int


FULL: Final = Size(300, 20, 4, 4, 160, 20_000, 30)
SHORT: Final = Size(45, 8, 3, 4, 120, 1_500, 5)


class Storm:
    def __init__(self, size: Size, directory: Path, *, port: int, seed: int) -> None:
        self.size, self.directory, self.seed = size, directory, seed
        self.product = Product(directory, port)
        self.site: dict[str, Any] = {}

    def run(self) -> Findings:
        say(f"the product on port {self.product.port}, in {self.directory}")
        try:
            self.product.start()
            self._prepare()
            self._trade()
            facts = self._settle()
        finally:
            self.product.stop()
        (self.directory / "run.json").write_text(json.dumps(facts | {"seed": self.seed}), encoding="utf-8")
        say("checking")
        findings = check(read_evidence(self.directory))
        self._check_size(findings)
        return findings

    def _prepare(self) -> None:
        say("traders and markets")
        command = [sys.executable, "-m", "scripts.storm.seed"]
        done = subprocess.run(
            command,
            cwd=PROJECT,
            env=self.product.environment() | {"PROCESS_ROLE": "command"},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        self.site = json.loads(done.stdout.splitlines()[-1])

    def _trade(self) -> None:
        say(f"{self.size.seconds:.0f} s of storm, seed {self.seed}")
        until = time.monotonic() + self.size.seconds
        clients = [self._client(number) for number in range(self.size.clients)]
        operator = Trader(**self.site["operator"])
        markets = {int(key): slugs for key, slugs in self.site["markets"].items()}
        operating = Operating(operator, markets, self.product.port, self.directory, self.seed)
        staff = threading.Thread(target=operating.run, args=(until,))
        staff.start()
        nemesis = Nemesis(self.product, self.directory, seed=self.seed, say=say)
        # A little more than what is asked for, since one that strikes a process that is just away kills nothing.
        nemesis.run(until=until - self.size.calm_s, kills_wanted=round(self.size.kills_min * 1.3))
        time.sleep(max(until - time.monotonic(), 0))
        for client in clients:
            client.terminate()
        for client in clients:
            client.wait(30)
        staff.join()

    def _client(self, number: int) -> "subprocess.Popen[bytes]":
        arguments = {
            "name": f"client{number}", "port": self.product.port, "directory": str(self.directory),
            "connections": self.size.connections, "per_second": self.size.requests_per_s / self.size.clients,
            "traders": self.site["traders"], "markets": self.site["markets"], "seed": self.seed * 100 + number,
        }  # fmt: skip
        return processes.start([sys.executable, "-m", "scripts.storm.client", json.dumps(arguments)], cwd=PROJECT)

    def _settle(self) -> dict[str, Any]:
        """Ask again for what is unknown, let the jobs catch up, prove the invariants, and write everything down."""
        people = [*self.site["traders"], self.site["operator"]]
        secrets = {person["user_id"]: person["secret"] for person in people}
        count = asyncio.run(settle(self.directory, port=self.product.port, secrets=secrets))
        say(f"{count} commands were sent again")
        jobs_s = self._wait_for_jobs()
        say("manage.py check_invariants")
        proof = self.product.manage("check_invariants")
        (self.directory / "invariants.txt").write_text(proof.stdout + proof.stderr, encoding="utf-8")
        with psycopg.connect(self.product.database_url()) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            export(connection, self.directory)
        return {"sent_again": count, "jobs_s": jobs_s, "invariants": proof.returncode}

    def _wait_for_jobs(self) -> float:
        """Seconds until every market that is over was settled by the worker."""
        began = time.monotonic()
        with psycopg.connect(self.product.database_url(), autocommit=True) as connection:
            while time.monotonic() < began + JOBS_WITHIN_S:
                row = connection.execute(_UNSETTLED).fetchone()
                if row is not None and row[0] == 0:
                    break
                time.sleep(0.5)
        return round(time.monotonic() - began, 1)

    def _check_size(self, findings: Findings) -> None:
        for name, least in (("orders_acknowledged", self.size.orders_min), ("kills", self.size.kills_min)):
            findings.expect(
                findings.counts[name] >= least, "run.too_small", f"{findings.counts[name]} {name}, of {least}"
            )


def say(text: str) -> None:
    print(text, flush=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    parser = argparse.ArgumentParser(prog="make storm", description=__doc__)
    parser.add_argument("--short", action="store_true", help="The form that CI runs.")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="The dice of faults and traders.")
    parser.add_argument("--port", type=int, default=0, help="Of the web server; any free one otherwise.")
    parser.add_argument("--keep", action="store_true", help="Keep the evidence of a good run, too.")
    options = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="om-storm-"))
    directory.chmod(0o755)
    size = SHORT if options.short else FULL
    storm = Storm(size, directory, port=options.port or _free_port(), seed=options.seed)
    findings = storm.run()
    say(report_of(findings))
    _clear(storm, is_kept=options.keep or not findings.is_good)
    return 0 if findings.is_good else 1


def _clear(storm: Storm, *, is_kept: bool) -> None:
    for folder in {storm.product.home, storm.product.data_dir, storm.product.socket_dir}:
        shutil.rmtree(folder, ignore_errors=True)
    if is_kept:
        say(f"The evidence is in {storm.directory}; check it again with python -m scripts.storm.checker.")
    else:
        shutil.rmtree(storm.directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
