"""Make, change and remove channels.

Contract   Settings are checked, sealed and never answered again: what is shown of them holds no secret. A webhook
           without a secret gets one, which is answered this once. Every act is audited, without settings.
"""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from accounts.selectors.people import contacts
from alerting.engine.channels.configs import (
    Config,
    addresses_of,
    has_language,
    kinds,
    read_config,
    shown,
    with_kept_secrets,
)
from alerting.engine.channels.signatures import PREFIX
from alerting.errors import ChannelInvalid, ChannelNotFound
from alerting.models import Channel, ChannelKind
from alerting.selectors.channels import ChannelRow, row_of
from alerting.services._config import config_of, sealed
from common import clock
from common.audit import record_audit
from common.outgoing.client import check_address

TIMEOUT_S: Final = (0.1, 60.0)
RETRIES_MAX: Final = 20
_NAME_MAX: Final = 60


@dataclass(frozen=True, slots=True)
class CreatedChannel:
    """``secret`` is what the webhook signs with, when it was made here; it is never shown again."""

    row: ChannelRow
    secret: str = ""


def create_channel(
    *,
    actor_id: int | None,
    name: str,
    kind: str,
    config: Mapping[str, Any],
    timeout_s: float = 5.0,
    retry_attempts: int = 3,
    is_enabled: bool = True,
    is_default: bool = False,
    sends_resolved: bool = True,
    origin: str = "",
    ip: str = "",
) -> CreatedChannel:
    """Raises: ChannelInvalid, OutgoingRefused"""
    if kind not in kinds():
        raise ChannelInvalid(f"kind is one of {', '.join(kinds())}.", field="kind")
    given, secret = _with_secret(kind, _with_language(kind, config, actor_id))
    read = _read(kind, given, is_partial=bool(origin))
    _check_numbers(timeout_s, retry_attempts)
    now = clock.now()
    with transaction.atomic():
        _check_name(name, None)
        channel = Channel.objects.create(
            name=name.strip(),
            kind=kind,
            sealed=sealed(read),
            shown=shown(kind, read),
            timeout_s=timeout_s,
            retry_attempts=retry_attempts,
            is_enabled=is_enabled,
            is_default=is_default,
            sends_resolved=sends_resolved,
            origin=origin,
            created_at=now,
            updated_at=now,
        )
        record_audit(
            actor_id=actor_id,
            action="alerting.channel_created",
            target=channel,
            after={"name": channel.name, "kind": kind},
            ip=ip,
        )
    return CreatedChannel(row_of(channel), secret)


def update_channel(
    *,
    actor_id: int | None,
    channel_id: int,
    config: Mapping[str, Any] | None = None,
    ip: str = "",
    **changes: Any,
) -> ChannelRow:
    """``config`` None keeps the settings; secrets that aren't given anew stay. ``changes`` are the other fields of
    ``create_channel`` except ``kind``.

    Raises: ChannelNotFound, ChannelInvalid, OutgoingRefused
    """
    assert changes.keys() <= {"name", "timeout_s", "retry_attempts", "is_enabled", "is_default", "sends_resolved"}
    with transaction.atomic():
        channel = Channel.objects.select_for_update().exclude(kind=ChannelKind.ENDPOINT).filter(pk=channel_id).first()
        if channel is None:
            raise ChannelNotFound("There is no channel with this id.")
        _check_name(changes.get("name", channel.name), channel.pk)
        _check_numbers(
            changes.get("timeout_s", channel.timeout_s), changes.get("retry_attempts", channel.retry_attempts)
        )
        before = {name: getattr(channel, name) for name in changes}
        for name, value in changes.items():
            setattr(channel, name, value.strip() if name == "name" else value)
        if config is not None:
            read = _read(channel.kind, with_kept_secrets(channel.kind, config, config_of(channel)), is_partial=False)
            channel.sealed, channel.shown = sealed(read), shown(channel.kind, read)
        # From now on it is somebody's own, and the file doesn't change it any more.
        channel.origin = "" if channel.origin == "config" else channel.origin
        channel.failures, channel.rests_until, channel.problem, channel.updated_at = 0, None, "", clock.now()
        channel.save()
        after = {**changes, **({"config": "changed"} if config is not None else {})}
        record_audit(
            actor_id=actor_id, action="alerting.channel_changed", target=channel, before=before, after=after, ip=ip
        )
    return row_of(channel)


def delete_channel(*, actor_id: int | None, channel_id: int, ip: str = "") -> None:
    """With everything that was sent through it.

    Raises: ChannelNotFound, ChannelInvalid for those of the product itself
    """
    with transaction.atomic():
        channel = Channel.objects.select_for_update().exclude(kind=ChannelKind.ENDPOINT).filter(pk=channel_id).first()
        if channel is None:
            raise ChannelNotFound("There is no channel with this id.")
        if channel.origin == "built_in":
            raise ChannelInvalid("This channel belongs to the product; switch it off instead.", field="id")
        record_audit(
            actor_id=actor_id,
            action="alerting.channel_deleted",
            target=channel,
            before={"name": channel.name, "kind": channel.kind},
            ip=ip,
        )
        channel.delete()


def _with_language(kind: str, config: Mapping[str, Any], actor_id: int | None) -> Mapping[str, Any]:
    """The one of who makes the channel, where none is given."""
    if actor_id is None or "language" in config or not has_language(kind):
        return config
    person = contacts([actor_id]).get(actor_id)
    return {**config, "language": person.language if person is not None else ""}


def _with_secret(kind: str, config: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    if kind != "webhook" or config.get("secrets"):
        return dict(config), ""
    secret = PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()
    return {**config, "secrets": [secret]}, secret


def _read(kind: str, config: Mapping[str, Any], *, is_partial: bool) -> Config:
    read = read_config(kind, config, is_partial=is_partial)
    for field, url in addresses_of(kind, read).items():
        check_address(url, field=field)
    return read


def _check_name(name: str, own_id: int | None) -> None:
    if not name.strip() or len(name) > _NAME_MAX or not name.isprintable():
        raise ChannelInvalid(f"A channel has a name of at most {_NAME_MAX} characters.", field="name")
    others = Channel.objects.filter(name__iexact=name.strip())
    if (others if own_id is None else others.exclude(pk=own_id)).exists():
        raise ChannelInvalid(f"There is a channel {name} already.", field="name")


def _check_numbers(timeout_s: float, retry_attempts: int) -> None:
    low, high = TIMEOUT_S
    if not low <= timeout_s <= high:
        raise ChannelInvalid(f"timeout goes from {low:g} to {high:g} seconds.", field="timeout")
    if not 0 <= retry_attempts <= RETRIES_MAX:
        raise ChannelInvalid(f"retry_attempts go from 0 to {RETRIES_MAX}.", field="retry_attempts")
