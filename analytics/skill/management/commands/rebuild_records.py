"""Make the track records of traders again from journals, trades and settlements; --check only compares."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analytics.skill.services.rebuild_records import rebuild_records


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Compare and leave everything as it is.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        done = rebuild_records(is_check=check)
        for name, digest in done.after.items():
            self.stdout.write(f"{name:14} {digest[:16]} {'equal' if done.before[name] == digest else 'CHANGED'}")
        if check and not done.is_equal:
            raise CommandError("The track records differ from what journals and settlements say.")
