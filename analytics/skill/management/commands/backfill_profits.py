"""Note what everybody had earned at the end of each day before the marks of profit began."""

from typing import Any

from django.core.management.base import BaseCommand

from analytics.skill.services.backfill_profits import backfill_profits


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{backfill_profits()} marks of profit were added.")
