"""Move old journal records into the archive now, or check every file of it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from markets.selectors.journal_files import archive_dir, broken_files
from markets.services.archive_journal import archive_journal


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, help="Records older than this; JOURNAL_KEEP_DAYS unless given.")
        parser.add_argument(
            "--check", action="store_true", help="Read every file and compare its checksum; move nothing."
        )

    def handle(self, *args: Any, days: int | None, check: bool, **options: Any) -> None:
        if days is not None and days < 1:
            raise CommandError("Give at least 1 day.")
        if not check:
            report = archive_journal(days=days)
            self.stdout.write(f"{report.records} records in {report.files} files, {report.bytes} bytes")
            return
        broken = list(broken_files())
        for file in broken:
            self.stderr.write(f"{archive_dir() / file.path}: {file} can't be read as they were written")
        if broken:
            raise CommandError(f"{len(broken)} files of the archive are broken; bring them back from a backup.")
        self.stdout.write("Every file of the archive is as it was written.")
