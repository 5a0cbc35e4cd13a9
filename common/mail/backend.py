"""Django's door for e-mail: every letter becomes a job, in the transaction of what it is about.

Contract   Nobody waits for the mail server, and what is rolled back sends nothing. A letter may hold a link that opens
           an account, so it is sealed: staff who look at the job, and copies of the database, can't read it.
"""

import json
from collections.abc import Sequence
from typing import Final

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage

from common.jobs.enqueue import enqueue
from common.mail.letter import letter_of
from common.sealing import seal

KIND: Final = "send_email"
PURPOSE: Final = "e-mail"
#: Somebody looks at an inbox; whoever waits for an export doesn't.
_PRIORITY: Final = 5


class QueuedEmailBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        sendable = [message for message in email_messages if message.recipients()]
        for message in sendable:
            sealed = seal(json.dumps(letter_of(message)), purpose=PURPOSE)
            enqueue(kind=KIND, arguments={"letter": sealed}, priority=_PRIORITY)
        return len(sendable)
