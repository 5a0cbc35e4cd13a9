"""Tell how to log in to the demo."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.selectors.handles import user_ids
from demo.services._cast import BOTS, PEOPLE, password_of


class Command(BaseCommand):
    help = "Print the logins of the demo."

    def handle(self, *args: Any, **options: Any) -> None:
        if not user_ids([BOTS[0].handle]):
            return
        self.stdout.write("Log in as one of:")
        for person in PEOPLE:
            self.stdout.write(f"  {person.handle:<6} {password_of(person.handle):<20} {person.about}")
