"""Back up the database and the journal's archive while the site runs; later, fetch the WAL written since."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from psycopg.conninfo import make_conninfo

from opinion_market.backups import files
from opinion_market.backups.make_backup import drop_slot, make_backup, receive_wal
from opinion_market.backups.programs import BackupError, Source
from opinion_market.local.layout import embedded_postgres_url


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="A new folder; with --wal or --end, the folder of a backup.")
        parser.add_argument("--url-env", default="DATABASE_URL", help="Variable with the URL of who may replicate.")
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--keep-wal", action="store_true", help="The server keeps WAL for this backup, for --wal.")
        which.add_argument("--wal", action="store_true", help="Add the WAL written since, for restore --until.")
        which.add_argument("--end", action="store_true", help="The server needs to keep no more WAL for this backup.")

    def handle(self, *args: Any, **options: Any) -> None:
        folder, source = options["folder"].resolve(), source_of(options["url_env"])
        try:
            if options["wal"]:
                receive_wal(source=source, folder=folder, say=self.stdout.write)
            elif options["end"]:
                drop_slot(source=source, slot=files.read_facts(folder).slot)
            else:
                make_backup(source=source, folder=folder, keeps_wal=options["keep_wal"], say=self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"Done: {folder}"))


def source_of(url_env: str) -> Source:
    """The embedded server's owner, or whom the variable names; the database is the one of the settings."""
    url = os.environ.get(url_env, "") or settings.ENV.database_url
    url = url or embedded_postgres_url(settings.DATA_DIR, "migration")
    database = str(connection.settings_dict["NAME"])
    return Source(make_conninfo(url, dbname=database), Path(settings.JOURNAL_ARCHIVE_DIR))
