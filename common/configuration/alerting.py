"""``config/alerting.yaml``: how often rules are looked at, and where alerts may be sent."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from common.configuration.reading import Section, read_file

KINDS: Final = ("email", "webhook", "slack", "sms")
_URLS: Final = ("https://", "http://")
_DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True)
class Channel:
    """Where alerts go: ``recipients`` of e-mails and text messages, or the ``url`` of a hook."""

    name: str
    kind: str
    recipients: tuple[str, ...] = ()
    url: str = ""
    timeout_s: float = 5.0
    retry_attempts: int = 3


@dataclass(frozen=True, slots=True)
class AlertingConfig:
    interval_s: int
    escalation_s: int
    channels: tuple[Channel, ...]


def read_alerting(file: Path) -> AlertingConfig:
    """Raises: ConfigError"""
    top = read_file(file)
    interval_s = top.whole("interval", low=1, high=3_600)
    escalation_s = top.whole("escalation", low=1, high=7 * _DAY_S)
    if escalation_s < interval_s:
        top.refuse("escalation", f"{interval_s} or more, the interval")
    channels: list[Channel] = []
    for section in top.sections("channels"):
        channel = _channel(section)
        if channel.name in {other.name for other in channels}:
            section.refuse("name", "a name that no other channel has")
        channels.append(channel)
    top.finish()
    return AlertingConfig(interval_s, escalation_s, tuple(channels))


def _channel(section: Section) -> Channel:
    name, kind = section.text("name"), section.choice("kind", KINDS)
    if kind in ("email", "sms"):
        channel = Channel(name, kind, recipients=section.texts("recipients"))
    else:
        channel = Channel(
            name,
            kind,
            url=section.text("url", starts=_URLS, allowed="a URL that starts with https:// or http://"),
            timeout_s=section.number("timeout", low=0.1, high=60, default=5.0),
            retry_attempts=section.whole("retry_attempts", low=0, high=10, default=3),
        )
    section.finish()
    return channel
