"""Durable idempotency for commands that aren't orders: one answer for each ``Idempotency-Key`` of a user.

Contract   The command and its answer are kept in one transaction, so a repetition never runs it again. A refusal
           rolls back and is not kept: the key may be used again. Keys share a table with client order ids and
           are told apart by ``KEY_PREFIX``, which no order may use.
"""

import hashlib
from collections.abc import Callable
from typing import Final

from django.db import connection, transaction

from common import clock
from trading.errors import ClientOrderIdReused
from trading.models import Submission
from trading.services.answer import Answer

KEY_PREFIX: Final = "key:"
KEY_LENGTH_MAX: Final = 60


def answer_once(*, user_id: int, key: str, request: bytes, run: Callable[[], tuple[int, str]]) -> Answer:
    """The first answer to ``key``, or that of ``run`` (status and body), which then is the first.

    Raises: ClientOrderIdReused when the key belongs to another request, and whatever ``run`` raises
    """
    name, digest = KEY_PREFIX + key, hashlib.sha256(request).digest()
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two at once: the second waits and finds the answer of the first.
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [user_id & 0x7FFFFFFF, name])
        first = Submission.objects.filter(user_id=user_id, client_order_id=name).first()
        if first is not None:
            return _repeated(first, digest)
        status, body = run()
        Submission.objects.create(
            user_id=user_id,
            client_order_id=name,
            request_digest=digest,
            status=status,
            answer=body,
            created_at=clock.now(),
        )
    return Answer(status, body)


def _repeated(first: Submission, digest: bytes) -> Answer:
    if bytes(first.request_digest) != digest:
        detail = "This Idempotency-Key was used for another request; send a new one with each new request."
        raise ClientOrderIdReused(detail)
    return Answer(first.status, first.answer, is_replay=True)
