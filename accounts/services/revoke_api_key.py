"""Make an API key useless, at once here and within seconds in other processes."""

from django.db import transaction

from accounts.errors import KeyNotFound
from accounts.models import ApiKey
from accounts.selectors.keys import forget_key
from common import clock


def revoke_api_key(*, key_id: int, user_id: int | None) -> None:
    """Revoke a key of ``user_id``, or anybody's when ``user_id`` is empty. Repeating changes nothing.

    Raises: KeyNotFound
    """
    with transaction.atomic():
        keys = ApiKey.objects.select_for_update().filter(pk=key_id)
        key = (keys if user_id is None else keys.filter(user_id=user_id)).first()
        if key is None:
            raise KeyNotFound(f"You have no key {key_id}.", field="/key_id")
        if key.revoked_at is None:
            key.revoked_at = clock.now()
            key.save(update_fields=["revoked_at"])

    forget_key(bytes(key.digest))
