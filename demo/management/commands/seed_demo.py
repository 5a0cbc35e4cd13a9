"""Fill an empty database with the demo."""

from typing import Any

from django.core.management.base import BaseCommand

from demo.services.seed_demo import seed_demo


class Command(BaseCommand):
    help = "Make the demo's people, markets and simulated traders in an empty database; safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        report = seed_demo(progress=self._show)
        if report.is_left_out:
            self.stdout.write("  no demo: this database holds other people's data")
        elif report.markets or report.ended:
            counts = f"{report.markets} open demo markets and {report.ended} that are over"
            self.stdout.write(f"  {counts}, with {report.trades} trades of the last weeks")

    def _show(self, question: str, number: int, total: int) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r\033[K  {number}/{total} {question}"[:100], ending="")
            self.stdout.write("\r\033[K", ending="")
            self.stdout.flush()
