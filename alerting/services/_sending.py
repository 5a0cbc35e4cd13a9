"""Which sender speaks for which kind of channel."""

from collections.abc import Mapping
from typing import Final

from alerting.models import ChannelKind
from alerting.services._senders import apprise, email, endpoint, in_app, slack, sms, webhook
from alerting.services._senders.outgoing import Sender
from alerting.services._senders.telling import in_its_language

SENDERS: Final[Mapping[str, Sender]] = {
    ChannelKind.EMAIL: email.send,
    ChannelKind.WEBHOOK: webhook.send,
    ChannelKind.SLACK: in_its_language(slack.send),
    ChannelKind.SMS: in_its_language(sms.send),
    ChannelKind.IN_APP: in_app.send,
    ChannelKind.APPRISE: in_its_language(apprise.send),
    ChannelKind.ENDPOINT: endpoint.send,
}
