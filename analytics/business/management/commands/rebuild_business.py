"""Make the rollups of business figures again from the ledger, trades, journal and sign-ups; --check only compares."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analytics.business.services.rebuild_rollups import rebuild_rollups
from analytics.business.services.reconcile_ledger import reconcile_ledger
from common.money import format_cash


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Compare and leave everything as it is.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        done = rebuild_rollups(is_check=check)
        for name, digest in done.after.items():
            self.stdout.write(f"{name:14} {digest[:16]} {'equal' if done.before[name] == digest else 'CHANGED'}")
        difference = reconcile_ledger().difference
        self.stdout.write(f"Difference to the ledger: {format_cash(difference)} credits.")
        if difference or (check and not done.is_equal):
            raise CommandError(f"Rollups that differ: {', '.join(done.changed) or 'none, but the ledger does'}.")
