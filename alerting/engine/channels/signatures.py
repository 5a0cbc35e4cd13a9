"""Signatures of webhooks, after Standard Webhooks 1.0.

Contract   Whoever has one of the secrets can tell that the message is ours, whole, and of that moment. While one is
           being changed both sign, the newer first.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

PREFIX: Final = "whsec_"
BYTES_MIN: Final = 24
BYTES_MAX: Final = 64


def secret_bytes(secret: str) -> bytes:
    """Raises: ValueError when it is not ``whsec_`` and base64 of 24 to 64 bytes"""
    try:
        found = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error
    if not BYTES_MIN <= len(found) <= BYTES_MAX:
        raise ValueError("wrong length")
    return found


def signed_headers(message_id: str, moment: int, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """``moment`` in seconds; it is of this attempt, and the id of the message."""
    text = f"{message_id}.{moment}.".encode() + body
    marks = [base64.b64encode(hmac.digest(secret_bytes(one), text, hashlib.sha256)).decode() for one in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{mark}" for mark in marks),
    }
