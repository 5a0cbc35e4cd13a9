"""The language and the time zone in which a person reads the site."""

from accounts.models import User


def choose_reading(*, user: User, language: str | None = None, time_zone: str | None = None) -> None:
    """Keep what was given with the person: of the lists of ``common.languages``, or ``""`` for the browser's."""
    chosen = {name: value for name, value in (("language", language), ("time_zone", time_zone)) if value is not None}
    for name, value in chosen.items():
        setattr(user, name, value)
    if chosen:
        user.save(update_fields=list(chosen))
