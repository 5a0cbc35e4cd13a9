"""Text messages, over HTTP as Twilio has it, which other gateways speak too.

Contract   Each number is told once: who was told is remembered before the next one is asked. The key goes along for
           gateways that know one (Twilio doesn't).
"""

import base64
import hashlib
import json
from typing import Final
from urllib.parse import quote, urlencode

from alerting.services._senders.http import check_answer, post
from alerting.services._senders.outgoing import Outgoing, SendFailed, Sent
from common.phrases import said

#: Four parts of 153 characters, of 67 where letters beyond the basic ones are used.
_LENGTH_MAX: Final = 612


def send(outgoing: Outgoing) -> Sent:
    numbers = [outgoing.recipient] if outgoing.recipient else outgoing.config["recipients"]
    if not numbers:
        raise SendFailed("The channel has no numbers.", is_permanent=True)
    failure: SendFailed | None = None
    for number in [one for one in numbers if one not in outgoing.progress]:
        try:
            _text(outgoing, number)
        except SendFailed as error:
            # The others are told nevertheless.
            failure = error
        else:
            outgoing.note(number)
    if failure is not None:
        raise failure
    return Sent(f"Told {len(numbers)}.")


def words_of(outgoing: Outgoing) -> str:
    content = outgoing.content
    lines = [
        f"{said('Resolved')}: {content.title}" if content.is_resolved else content.title,
        content.text,
        content.url,
    ]
    text = "\n".join(line for line in lines if line)
    return text if len(text) <= _LENGTH_MAX else text[: _LENGTH_MAX - 1] + "…"


def _text(outgoing: Outgoing, number: str) -> None:
    config = outgoing.config
    account = quote(config["account"], safe="")
    url = f"{config['api_url'].rstrip('/')}/2010-04-01/Accounts/{account}/Messages.json"
    pair = base64.b64encode(f"{config['account']}:{config['token']}".encode()).decode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Authorization": f"Basic {pair}",
        "Idempotency-Key": hashlib.sha256(f"{outgoing.key} {number}".encode()).hexdigest()[:32],
    }
    body = urlencode({"To": number, "From": config["sender"], "Body": words_of(outgoing)}).encode()
    answer = post(url, body, headers, outgoing.timeout_s)
    check_answer(answer)
    try:
        json.loads(answer.body)
    except ValueError as error:
        raise SendFailed("The answer is no JSON.") from error
