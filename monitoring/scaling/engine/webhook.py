"""What a webhook is told of a decision.

Contract   JSON with target, before, count, reason and at; signed as Standard Webhooks have it (HMAC-SHA256 of id, time
           and body) when there is a key: a text, or "whsec_" and base64. The id is the same for the same decision,
           so that a receiver acts once. Pure.
"""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from typing import Final

from common.clock import rfc3339

_PREFIX: Final = "whsec_"


def message(
    *, target: str, before: int, count: int, reason: str, at: datetime, key: str
) -> tuple[bytes, dict[str, str]]:
    """The body and its headers."""
    facts = {"type": "scaling.wanted", "target": target, "before": before, "count": count, "reason": reason}
    body = json.dumps({**facts, "at": rfc3339(at)}, separators=(",", ":")).encode()
    second = str(int(at.timestamp()))
    named = f"scaling_{target}_{second}_{count}"
    headers = {"Content-Type": "application/json", "Webhook-Id": named, "Webhook-Timestamp": second}
    if key:
        signed = hmac.new(_secret(key), f"{named}.{second}.".encode() + body, hashlib.sha256).digest()
        headers["Webhook-Signature"] = f"v1,{base64.b64encode(signed).decode()}"
    return body, headers


def _secret(key: str) -> bytes:
    return base64.b64decode(key.removeprefix(_PREFIX)) if key.startswith(_PREFIX) else key.encode()
