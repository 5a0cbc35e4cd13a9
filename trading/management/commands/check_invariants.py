"""``manage.py check_invariants``: the invariants of docs/invariants.md on a live database."""

import time
from argparse import ArgumentParser
from collections import defaultdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from trading.models import MarketBook
from trading.selectors.invariants import INVARIANTS, Invariant, rows_at_fault
from trading.selectors.snapshot import one_snapshot
from trading.services.replay_market import replay_market


class Command(BaseCommand):
    help = "Proves on one snapshot of the database that credits, shares, orders and journals are consistent."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--market", type=int, help="Only this market (accounts are still summed over all).")
        parser.add_argument("--no-replay", action="store_true", help="Leave out I7, which replays every journal.")

    def handle(self, *args: Any, **options: Any) -> None:
        faults: dict[str, int] = defaultdict(int)
        with one_snapshot():
            for invariant in INVARIANTS:
                faults[invariant.code] += self._check(invariant, options["market"])
            if not options["no_replay"]:
                faults["I7"] += self._check_replays(options["market"])
        broken = [code for code, count in faults.items() if count]
        if broken:
            raise CommandError(f"Broken: {', '.join(broken)}.")
        self.stdout.write(self.style.SUCCESS(f"{len(faults)} invariants hold."))

    def _check(self, invariant: Invariant, market_id: int | None) -> int:
        started = time.monotonic()
        rows = rows_at_fault(invariant, market_id)
        self._tell(invariant.code, invariant.title, len(rows), time.monotonic() - started)
        for row in rows:
            self.stderr.write("    " + ", ".join(f"{name} {value}" for name, value in row.items()))
        return len(rows)

    def _check_replays(self, market_id: int | None) -> int:
        ids = MarketBook.objects.order_by("pk").values_list("pk", flat=True)
        wrong = 0
        for number in [market_id] if market_id is not None else list(ids):
            started = time.monotonic()
            report = replay_market(market_id=number)
            wrong += not report.is_equal
            title = f"market {number} replays from its journal ({report.seq} records)"
            self._tell("I7", title, len(report.mistakes), time.monotonic() - started)
            for mistake in report.mistakes:
                self.stderr.write(f"    {mistake}")
            if report.digest != report.digest_of_tables:
                self.stderr.write(f"    digest {report.digest} is not {report.digest_of_tables} of the tables")
        return wrong

    def _tell(self, code: str, title: str, faults: int, seconds: float) -> None:
        mark = "ok" if not faults else f"BROKEN in {faults} places"
        self.stdout.write(f"{code:>4}  {title}: {mark} ({seconds:.1f} s)")
