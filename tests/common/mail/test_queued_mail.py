"""A letter waits in the ledger, sealed, and is sent by a worker."""

import json
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction

from common.jobs import kinds
from common.jobs.run import run_due_jobs
from common.mail.letter import letter_of, message_from
from common.mail.send import SEND_EMAIL
from common.models import Job

pytestmark = pytest.mark.django_db
SECRET = "https://market.example/accounts/password/reset/key/canary-link/"


@pytest.fixture(autouse=True)
def _only_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", {SEND_EMAIL.name: SEND_EMAIL})


def letter(**changes: Any) -> EmailMultiAlternatives:
    fields: dict[str, Any] = {
        "subject": "[Opinion Market] Reset", "body": SECRET, "from_email": "Market <noreply@example.org>",
        "to": ["erin@example.org"], "connection": get_connection("common.mail.backend.QueuedEmailBackend"),
    }  # fmt: skip
    return EmailMultiAlternatives(**fields | changes)


def test_a_letter_is_a_job_that_nobody_can_read_and_arrives_as_it_was_written() -> None:
    message = letter(cc=["carol@example.org"], bcc=["dave@example.org"], reply_to=["help@example.org"])
    message.attach_alternative(f"<p>{SECRET}</p>", "text/html")
    message.attach("figures.csv", "a,b\n", "text/csv")
    message.attach("raw.bin", b"\x00\xff", "application/octet-stream")
    assert message.send() == 1
    job = Job.objects.get()
    assert (job.kind, job.owner_id, job.status, mail.outbox) == ("send_email", None, "PENDING", [])
    assert "canary" not in json.dumps(job.arguments)
    assert run_due_jobs() == 1
    job.refresh_from_db()
    assert (job.status, job.result, job.arguments) == ("COMPLETED", {"recipients": 3}, {})
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    assert (sent.subject, sent.body, sent.from_email) == (message.subject, SECRET, message.from_email)
    assert sent.recipients() == ["erin@example.org", "carol@example.org", "dave@example.org"]
    assert sent.message()["Reply-To"] == "help@example.org"
    assert [tuple(part) for part in sent.alternatives] == [(f"<p>{SECRET}</p>", "text/html")]
    assert [tuple(part) for part in sent.attachments] == [
        ("figures.csv", "a,b\n", "text/csv"), ("raw.bin", b"\x00\xff", "application/octet-stream"),
    ]  # fmt: skip


def test_a_copy_keeps_the_number_and_the_date_of_its_letter() -> None:
    kept = letter_of(letter())
    first, second = message_from(kept).message(), message_from(kept).message()
    assert first["Message-ID"] == second["Message-ID"] == kept["headers"]["Message-ID"]
    assert first["Date"] == kept["headers"]["Date"]


def test_what_is_rolled_back_sends_nothing() -> None:
    def change_something() -> None:
        with transaction.atomic():
            letter().send()
            raise ValueError

    with pytest.raises(ValueError):
        change_something()
    assert Job.objects.count() == 0


def test_a_mail_server_that_is_away_is_tried_again(settings: Any) -> None:
    letter().send()
    settings.EMAIL_SENDER = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert run_due_jobs() == 1
    job = Job.objects.get()
    assert (job.status, job.failures, mail.outbox) == ("PENDING", 1, [])
    settings.EMAIL_SENDER = "django.core.mail.backends.locmem.EmailBackend"
    Job.objects.update(due_at=job.created_at)
    assert run_due_jobs() == 1
    assert (Job.objects.get().status, len(mail.outbox)) == ("COMPLETED", 1)


def test_a_letter_whose_sending_was_noted_is_not_sent_again() -> None:
    letter().send()
    Job.objects.update(arguments={})
    run_due_jobs()
    assert (Job.objects.get().status, mail.outbox) == ("COMPLETED", [])
    assert letter(to=[]).send() == 0
    assert Job.objects.count() == 1
