"""The sealed settings of channels."""

import json
from typing import Final

from alerting.engine.channels.configs import Config, read_config
from alerting.models import Channel
from common.sealing import seal, unseal

_PURPOSE: Final = "channel of alerting"


def config_of(channel: Channel) -> Config:
    """Secrets included: never for a page, an answer or a log."""
    given = json.loads(unseal(channel.sealed, purpose=_PURPOSE)) if channel.sealed else {}
    return read_config(channel.kind, given, is_partial=True)


def sealed(config: Config) -> str:
    return seal(json.dumps(config), purpose=_PURPOSE)
