"""Load market histories: ``manage.py import_history DIR``."""

from argparse import ArgumentParser, BooleanOptionalAction
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import DomainError
from trading.services._history_files import HistoryMistakes
from trading.services._history_trades import ReplayRefused
from trading.services.import_history import ImportReport, import_history


class Command(BaseCommand):
    help = "Load markets with their prices and trades from CSV files; docs/importing.md describes the format."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "directory", type=Path, help="A source folder with markets.csv, or a folder of such folders."
        )
        parser.add_argument("--only", default="", metavar="SOURCE", help="Load one folder or source of them.")
        parser.add_argument(
            "--settle", action=BooleanOptionalAction, default=True, help="Resolve as recorded and pay the positions."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = import_history(
                directory=options["directory"],
                only=options["only"],
                is_settling=options["settle"],
                progress=self._show,
            )
        except HistoryMistakes as error:
            lines = "\n".join(map(str, error.mistakes))
            raise CommandError(f"{lines}\nNothing was loaded: {len(error.mistakes)} mistake(s).") from error
        except (DomainError, ReplayRefused) as error:
            raise CommandError(f"{error}\nThe import stopped; run it again to go on from there.") from error
        self._tell(report)

    def _show(self, source_id: str, number: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r\033[K{number}/{total} {source_id}", ending="\n" if number == total else "")
            self.stdout.flush()
        elif number == total or number % 100 == 0:
            self.stdout.write(f"{number}/{total} markets")

    def _tell(self, report: ImportReport) -> None:
        for notice in report.notices:
            self.stdout.write(self.style.WARNING(notice))
        self.stdout.write(
            f"{report.markets} markets loaded ({report.known} were here already), "
            f"{report.trades} trades replayed, {report.price_points} prices stored."
        )
        if report.deviations:
            raise CommandError("\n".join(report.deviations))
