"""Channels, without their secrets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from alerting.errors import ChannelNotFound
from alerting.models import Channel, ChannelKind


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """``shown`` are the settings with secrets masked; ``problem`` is of the last failure, empty since a success."""

    id: int
    name: str
    kind: str
    is_enabled: bool
    is_default: bool
    sends_resolved: bool
    timeout_s: float
    retry_attempts: int
    origin: str
    shown: Mapping[str, Any]
    failures: int
    rests_until: datetime | None
    problem: str


def all_channels() -> list[ChannelRow]:
    return [row_of(channel) for channel in _of_operators().order_by("name")]


def enabled_channels() -> list[ChannelRow]:
    return [row_of(channel) for channel in _of_operators().filter(is_enabled=True).order_by("name")]


def channel_row(channel_id: int) -> ChannelRow:
    """Raises: ChannelNotFound"""
    channel = _of_operators().filter(pk=channel_id).first()
    if channel is None:
        raise ChannelNotFound("There is no channel with this id.")
    return row_of(channel)


def _of_operators() -> QuerySet[Channel]:
    return Channel.objects.exclude(kind=ChannelKind.ENDPOINT)


def row_of(channel: Channel) -> ChannelRow:
    return ChannelRow(
        channel.pk,
        channel.name,
        channel.kind,
        channel.is_enabled,
        channel.is_default,
        channel.sends_resolved,
        channel.timeout_s,
        channel.retry_attempts,
        channel.origin,
        channel.shown,
        channel.failures,
        channel.rests_until,
        channel.problem,
    )
