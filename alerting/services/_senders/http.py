"""What senders over HTTP have in common: the guarded door, and what an answer means."""

from collections.abc import Mapping
from typing import Final

from alerting.services._senders.outgoing import SendFailed
from common.outgoing.client import Answer, fetch
from common.outgoing.errors import OutgoingFailed, OutgoingRefused

#: Of the refusals, those that may change.
_PASSING: Final = frozenset({408, 409, 423, 425, 429})
_BYTES_MAX: Final = 16_384


def post(url: str, body: bytes, headers: Mapping[str, str], timeout_s: float) -> Answer:
    """An answer of any kind.

    Raises: SendFailed
    """
    try:
        return fetch("POST", url, body=body, headers=headers, timeout_s=timeout_s, bytes_max=_BYTES_MAX)
    except OutgoingRefused as error:
        raise SendFailed(f"Not sent: {error.detail}", is_permanent=True) from error
    except OutgoingFailed as error:
        raise SendFailed(error.detail) from error


def check_answer(answer: Answer) -> None:
    """Raises: SendFailed"""
    if answer.is_success:
        return
    if 300 <= answer.status < 400:
        raise SendFailed(f"Answered {answer.status}; redirects aren't followed.", is_permanent=True)
    is_permanent = answer.status < 500 and answer.status not in _PASSING
    raise SendFailed(f"Answered {answer.status}.", is_permanent=is_permanent, asked_s=asked_s(answer))


def asked_s(answer: Answer) -> float | None:
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isdecimal() and len(text) < 8 else None
