"""Put a marker on the time axis of every chart, for example after a deploy."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from monitoring.models import EventKind
from monitoring.services.record_event import record_event


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=EventKind.values)
        parser.add_argument("title", help="What happened, for example: Version 1.4 is live.")
        parser.add_argument("--detail", default="", help="More about it.")
        parser.add_argument("--series", default="", help="The one series it concerns; all of them without.")
        parser.add_argument("--key", help="A name under which the event is recorded once only.")

    def handle(self, *args: Any, kind: str, title: str, **options: Any) -> None:
        is_new = record_event(
            kind=EventKind(kind),
            title=title,
            detail=options["detail"],
            series=options["series"],
            key=options["key"],
        )
        self.stdout.write("Recorded." if is_new else "It was recorded before.")
