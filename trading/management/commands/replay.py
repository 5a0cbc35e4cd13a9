"""``manage.py replay MARKET``: the journal once more, compared with the tables."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import DomainError
from trading.selectors.snapshot import one_snapshot
from trading.services.replay_market import ReplayReport, replay_market

_PROGRESS_EVERY = 10_000


class Command(BaseCommand):
    help = "Replays a market's journal through the engine and compares everything with what is stored."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("market", type=int, help="Number of the market.")
        parser.add_argument("--digest", action="store_true", help="Print the digest only.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with one_snapshot():
                report = replay_market(market_id=options["market"], on_progress=self._progress(options["digest"]))
        except DomainError as error:
            raise CommandError(error.detail) from error
        self._tell(report, digest_only=options["digest"])
        if not report.is_equal:
            raise CommandError("The journal and the tables differ.")

    def _progress(self, is_quiet: bool) -> Any:
        def tell(seq: int) -> None:
            if not is_quiet and seq % _PROGRESS_EVERY == 0:
                self.stdout.write(f"  {seq} records")

        return tell

    def _tell(self, report: ReplayReport, *, digest_only: bool) -> None:
        for mistake in report.mistakes:
            self.stderr.write(f"  {mistake}")
        if digest_only:
            self.stdout.write(report.digest)
            return
        self.stdout.write(f"market {report.market_id}: {report.seq} records, {report.commands} commands")
        self.stdout.write(f"  replayed {report.digest}")
        self.stdout.write(f"  stored   {report.digest_of_tables}")
