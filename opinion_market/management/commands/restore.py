"""Restore a backup into a new data directory, and prove the invariants on it."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from opinion_market.backups.programs import BackupError
from opinion_market.backups.restore_backup import restore_backup


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--to", type=Path, required=True, help="The new DATA_DIR: missing or empty.")
        parser.add_argument("--until", type=datetime.fromisoformat, help="To this time, as 2026-11-22T21:30:00+00:00.")

    def handle(self, *args: Any, **options: Any) -> None:
        until, to = options["until"], options["to"].resolve()
        if until is not None and until.tzinfo is None:
            raise CommandError("--until needs its offset from UTC, as in 2026-11-22T21:30:00+00:00.")
        manage = Path(settings.BASE_DIR) / "manage.py"
        try:
            restore_backup(folder=options["folder"].resolve(), to=to, until=until, manage=manage, say=self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"Restored. Start it with: DATA_DIR={to} make up"))
