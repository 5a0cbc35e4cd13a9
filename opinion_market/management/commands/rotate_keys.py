"""Put what SECRET_KEY seals and signs under today's key; afterwards SECRET_KEY_FALLBACKS can go. Safe to repeat."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from opinion_market.key_rotation import rotate_keys


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SECRET_KEY_FALLBACKS:
            self.stdout.write("SECRET_KEY_FALLBACKS is empty, so only what is under today's key can be read.")
        total = rotate_keys(self.stdout.write)
        if total.lost:
            raise CommandError(
                f"{total.lost} could be read with no key that is set: put the key that they were made with into"
                " SECRET_KEY_FALLBACKS and run this again, or let their owners set them anew."
            )
        self.stdout.write(f"{total.moved} moved; everything is under today's key.")
