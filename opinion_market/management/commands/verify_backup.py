"""Compare each byte of a backup with its checksum."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from opinion_market.backups.programs import BackupError
from opinion_market.backups.verify_backup import faults_of


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            faults = faults_of(options["folder"].resolve(), say=self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        if faults:
            raise CommandError("The backup is damaged:\n" + "\n".join(faults))
        self.stdout.write(self.style.SUCCESS("Each byte is as it was."))
