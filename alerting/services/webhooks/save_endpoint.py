"""Make, change and remove the endpoints of a person.

Contract   The address is judged when it is saved and again at each request. Address and secrets are sealed; the secret
           is answered once. Every act is audited, without address and secrets.
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from alerting.engine.channels.configs import ENDPOINT, read_config, shown
from alerting.engine.channels.signatures import PREFIX
from alerting.engine.webhooks.catalogue import chosen
from alerting.errors import WebhookInvalid
from alerting.models import Channel, ChannelKind, SwitchedOff, WebhookEndpoint
from alerting.services._config import sealed
from alerting.services.webhooks._endpoints import begin_to_listen, locked_endpoint, store_config, switch_on
from common import clock
from common.audit import record_audit
from common.outgoing.client import check_address
from common.outgoing.targets import read_target

ENDPOINTS_MAX: Final = 10
MARKETS_MAX: Final = 100
TIMEOUT_S: Final = 15.0
_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class MadeEndpoint:
    """``secret`` is what its messages are signed with; it is never shown again."""

    id: int
    secret: str


def create_endpoint(
    *,
    user_id: int,
    url: str,
    events: Sequence[str],
    markets: Sequence[int] = (),
    description: str = "",
    ip: str = "",
) -> MadeEndpoint:
    """It gets what happens from now on.

    Raises: WebhookInvalid, OutgoingRefused
    """
    _check_url(url)
    names, now, secret = _events(events), clock.now(), new_secret()
    config = read_config(ENDPOINT, {"url": url, "secrets": [secret]})
    with transaction.atomic():
        begin_to_listen()
        if WebhookEndpoint.objects.filter(user=user_id).count() >= ENDPOINTS_MAX:
            raise WebhookInvalid(f"You have {ENDPOINTS_MAX} webhooks; delete one first.", field="url")
        channel = Channel.objects.create(
            name=f"endpoint {secrets.token_hex(8)}",
            kind=ChannelKind.ENDPOINT,
            sealed=sealed(config),
            shown=shown(ENDPOINT, config),
            timeout_s=TIMEOUT_S,
            created_at=now,
            updated_at=now,
        )
        endpoint = WebhookEndpoint.objects.create(
            user_id=user_id,
            channel=channel,
            description=description,
            events=names,
            markets=_markets(markets),
            since=now,
            created_at=now,
            updated_at=now,
        )
        _audit("webhook.created", endpoint, user_id, ip, after={"events": names})
    return MadeEndpoint(endpoint.pk, secret)


def update_endpoint(*, user_id: int, endpoint_id: int, changes: Mapping[str, Any], ip: str = "") -> None:
    """``changes`` are any of url, events, markets, description and is_enabled.

    Raises: WebhookNotFound, WebhookInvalid, OutgoingRefused
    """
    assert changes.keys() <= {"url", "events", "markets", "description", "is_enabled"}
    if "url" in changes:
        _check_url(changes["url"])
    with transaction.atomic():
        endpoint = locked_endpoint(user_id, endpoint_id)
        if "url" in changes:
            store_config(endpoint, url=changes["url"])
        if "events" in changes:
            endpoint.events = _events(changes["events"])
        if "markets" in changes:
            endpoint.markets = _markets(changes["markets"])
        endpoint.description = changes.get("description", endpoint.description)
        if "is_enabled" in changes:
            _switch(endpoint, is_on=changes["is_enabled"])
        endpoint.updated_at = clock.now()
        endpoint.save()
        after = {name: value for name, value in changes.items() if name != "url"}
        _audit("webhook.changed", endpoint, user_id, ip, after={**after, "has_new_url": "url" in changes})


def delete_endpoint(*, user_id: int, endpoint_id: int, ip: str = "") -> None:
    """With everything that was sent to it and waits for it.

    Raises: WebhookNotFound
    """
    with transaction.atomic():
        endpoint = locked_endpoint(user_id, endpoint_id)
        _audit("webhook.deleted", endpoint, user_id, ip)
        endpoint.channel.delete()


def new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def _switch(endpoint: WebhookEndpoint, *, is_on: bool) -> None:
    if is_on and endpoint.switched_off:
        switch_on(endpoint)
    elif not is_on and not endpoint.switched_off:
        endpoint.switched_off, endpoint.switched_off_at = SwitchedOff.OWNER, clock.now()
        Channel.objects.filter(pk=endpoint.channel_id).update(is_enabled=False)


def _check_url(url: str) -> None:
    check_address(url)
    target = read_target(url, allow=tuple(settings.OUTGOING_ALLOWED_HOSTS))
    if urlsplit(url).scheme != "https" and not target.is_allowed_inward:
        raise WebhookInvalid("Give an address that starts with https://.", field="url")


def _events(names: Sequence[str]) -> list[str]:
    try:
        found = chosen(list(names))
    except KeyError as error:
        detail = f"There is no event {str(error.args[0])[:60]!r}; GET /api/v1/webhooks/events lists them."
        raise WebhookInvalid(detail, field="events") from error
    if not found:
        raise WebhookInvalid('Name at least one event, or "*" for all.', field="events")
    return found


def _markets(ids: Sequence[int]) -> list[int]:
    found = sorted(set(ids))
    if len(found) > MARKETS_MAX:
        raise WebhookInvalid(f"Name at most {MARKETS_MAX} markets, or none for all.", field="markets")
    return found


def _audit(action: str, endpoint: WebhookEndpoint, user_id: int, ip: str, **more: Any) -> None:
    record_audit(actor_id=user_id, action=action, target=endpoint, ip=ip, **more)
