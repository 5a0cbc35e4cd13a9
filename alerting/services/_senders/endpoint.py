"""Endpoints of integrators: the event as it was written, signed anew for each attempt.

Contract   Only 2xx is a yes, and only 410 a no for good: every other answer may be a deployment that lasts a while. The
           receiver is told its message by ``webhook-id``, which is the same for all attempts and replays.
"""

import re
from typing import Final

from alerting.engine.channels.signatures import signed_headers
from alerting.services._senders.http import asked_s, post
from alerting.services._senders.outgoing import Outgoing, SendFailed, Sent
from common import clock
from common.outgoing.client import Answer

GONE: Final = 410
_EXCERPT_MAX: Final = 300
_UNSHOWN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def send(outgoing: Outgoing) -> Sent:
    config, moment = outgoing.config, clock.now().timestamp()
    body = outgoing.content.payload.encode()
    secrets = config["secrets"] if moment < config["old_until"] else config["secrets"][:1]
    headers = {
        "Content-Type": "application/json",
        **signed_headers(message_id(outgoing.key), int(moment), body, secrets),
    }
    try:
        answer = post(config["url"], body, headers, outgoing.timeout_s)
    except SendFailed as failure:
        # An address that leads inward today may be put right tomorrow, and nothing was sent.
        raise SendFailed(failure.detail) from failure
    if not answer.is_success:
        raise _failure(answer)
    return Sent(f"Answered {answer.status}.", code=answer.status, excerpt=_excerpt(answer.body))


def message_id(key: str) -> str:
    """What the receiver knows a message by."""
    return f"msg_{key}"


def _failure(answer: Answer) -> SendFailed:
    more = "; redirects aren't followed." if 300 <= answer.status < 400 else "."
    return SendFailed(
        f"Answered {answer.status}{more}",
        is_permanent=answer.status == GONE,
        asked_s=asked_s(answer),
        code=answer.status,
        excerpt=_excerpt(answer.body),
    )


def _excerpt(body: bytes) -> str:
    return _UNSHOWN.sub(" ", body[: 4 * _EXCERPT_MAX].decode("utf-8", "replace")).strip()[:_EXCERPT_MAX]
