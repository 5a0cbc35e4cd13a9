"""Make the minute and hour rollups again from the samples that are kept."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common import clock
from monitoring.engine.resolutions import SAMPLES
from monitoring.services.rebuild_rollups import rebuild_rollups


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--hours", type=int, default=SAMPLES.kept_days * 24, help="How far back (default: all).")

    def handle(self, *args: Any, hours: int, **options: Any) -> None:
        now = clock.now()
        done = rebuild_rollups(start=now - timedelta(hours=hours), end=now)
        self.stdout.write(f"{done.minutes} minute rows and {done.hours} hour rows were missing or wrong.")
