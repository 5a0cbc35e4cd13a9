"""The job that hands a letter to the mail server.

Contract   A server that is away is tried again for about a day. Once a letter is sent, its job keeps no word of it,
           which is also how a second attempt knows. A letter is sent twice only when the worker died in the
           moment between the server's yes and that note; both copies have the same Message-ID.
"""

import json
from typing import Final

from django.conf import settings
from django.core.mail import get_connection

from common.jobs.types import JobKind, JobResult, Run
from common.mail.backend import KIND, PURPOSE
from common.mail.letter import message_from
from common.models import Job
from common.sealing import unseal


def _send(run: Run) -> JobResult:
    sealed = run.arguments.get("letter")
    if sealed is None:
        # It was sent, and the worker died before it could say so.
        return JobResult()
    message = message_from(json.loads(unseal(sealed, purpose=PURPOSE)))
    message.connection = get_connection(settings.EMAIL_SENDER)
    message.send()
    Job.objects.filter(pk=run.job_id).update(arguments={})
    return JobResult({"recipients": len(message.recipients())})


#: 30 s, 1, 2, 4 ... 60 minutes apart: 30 attempts are about a day. It only sends, so it needs no transaction.
SEND_EMAIL: Final = JobKind(
    name=KIND,
    title="E-mail",
    work=_send,
    is_atomic=False,
    failures_max=30,
    backoff_s=30.0,
    run_s_max=300.0,
    keep_days=2,
)
