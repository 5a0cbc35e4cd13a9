"""Webhooks, after Standard Webhooks: a signed JSON document whose id tells a repetition."""

import json

from alerting.engine.channels.content import document_of
from alerting.engine.channels.signatures import signed_headers
from alerting.services._senders.http import check_answer, post
from alerting.services._senders.outgoing import Outgoing, Sent
from common import clock


def send(outgoing: Outgoing) -> Sent:
    config, moment = outgoing.config, clock.now()
    data = document_of(outgoing.content) | {"thread": outgoing.thread}
    for name in ("unsubscribe_url", "payload"):
        data.pop(name)
    document = {"type": outgoing.content.type, "timestamp": clock.rfc3339(moment), "data": data}
    body = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    headers = {
        **config["headers"],
        "Content-Type": "application/json",
        **signed_headers(f"msg_{outgoing.key}", int(moment.timestamp()), body, config["secrets"]),
    }
    answer = post(config["url"], body, headers, outgoing.timeout_s)
    check_answer(answer)
    return Sent(f"Answered {answer.status}.")
