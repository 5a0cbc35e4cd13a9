"""Which sender speaks for which kind of channel."""

from collections.abc import Mapping
from typing import Final

from alerting.models import ChannelKind
from alerting.services._senders import apprise, email, endpoint, in_app, slack, sms, webhook
from alerting.services._senders.outgoing import Sender

SENDERS: Final[Mapping[str, Sender]] = {
    ChannelKind.EMAIL: email.send,
    ChannelKind.WEBHOOK: webhook.send,
    ChannelKind.SLACK: slack.send,
    ChannelKind.SMS: sms.send,
    ChannelKind.IN_APP: in_app.send,
    ChannelKind.APPRISE: apprise.send,
    ChannelKind.ENDPOINT: endpoint.send,
}
