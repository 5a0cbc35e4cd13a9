"""Remember how a person wants to be told."""

from collections.abc import Mapping

from alerting.models import NotificationPreference
from alerting.selectors.preferences import DEFAULTS, Wish, own_preferences
from alerting.services._unsubscribe_link import DIGEST
from alerting.services.set_digest import set_digest


def set_preferences(*, user_id: int, wishes: Mapping[str, Wish]) -> None:
    """Kinds that aren't named stay as they are."""
    for kind, wish in wishes.items():
        assert kind in DEFAULTS
        NotificationPreference.objects.update_or_create(
            user_id=user_id, kind=kind, defaults={"in_app": wish.in_app, "email": wish.email}
        )


def stop_letters(*, user_id: int, kind: str) -> None:
    """No more letters of one kind, or no more digests; the list stays as it is."""
    if kind == DIGEST:
        set_digest(user_id=user_id, pace=None)
    for known, wish in own_preferences(user_id).items():
        if known == kind:
            set_preferences(user_id=user_id, wishes={kind: Wish(wish.in_app, email=False)})
