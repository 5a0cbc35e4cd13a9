"""A new secret for an endpoint; for a while the one before signs as well."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from alerting.services.webhooks._endpoints import config_of_endpoint, locked_endpoint, store_config
from alerting.services.webhooks.save_endpoint import new_secret
from common import clock
from common.audit import record_audit

OVERLAP_S: Final = 86_400
OVERLAP_S_MAX: Final = 7 * 86_400


def rotate_secret(*, user_id: int, endpoint_id: int, overlap_s: int = OVERLAP_S, ip: str = "") -> str:
    """The new secret, which is never shown again. A secret older than the one before signs no more.

    Raises: WebhookNotFound
    """
    assert 0 <= overlap_s <= OVERLAP_S_MAX
    secret, until = new_secret(), clock.now() + timedelta(seconds=overlap_s)
    with transaction.atomic():
        endpoint = locked_endpoint(user_id, endpoint_id)
        before = config_of_endpoint(endpoint)["secrets"][:1] if overlap_s else []
        store_config(endpoint, secrets=[secret, *before], old_until=until.timestamp())
        endpoint.rotating_until = until if overlap_s else None
        endpoint.updated_at = clock.now()
        endpoint.save(update_fields=["rotating_until", "updated_at"])
        record_audit(
            actor_id=user_id, action="webhook.secret_rotated", target=endpoint, after={"overlap_s": overlap_s}, ip=ip
        )
    return secret
