"""Tell the readers of a scheduled report by e-mail.

Contract   A reader is written to once for each report: the note of it and the letter in the ledger of jobs are one
           transaction, and the letter's Message-ID is made of both, so that a copy is known as one.
Safety     Whoever may not read the report any more gets nothing. An attachment larger than mail servers take becomes a
           link.
"""

from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation

from accounts.selectors.people import Contact, contacts
from analytics.reports.engine.naming import file_name
from analytics.reports.models import Report, ReportDelivery, ReportResult, ReportSchedule
from analytics.reports.selectors.access import reader
from analytics.reports.types import Delivery, Format
from common import clock

ATTACHED_BYTES_MAX: Final = 5 * 1024 * 1024


def deliver(report: Report, result: ReportResult) -> int:
    """How many letters were written."""
    schedule = ReportSchedule.objects.select_related("definition").filter(definition_id=report.definition_id).first()
    if report.scheduled_for is None or schedule is None or schedule.delivery == Delivery.IN_APP:
        return 0
    found = contacts([report.owner_id, *schedule.recipients])
    return sum(_write_to(one, report, result, schedule) for one in found.values() if one.email)


def _write_to(contact: Contact, report: Report, result: ReportResult, schedule: ReportSchedule) -> bool:
    who = reader(contact.user_id)
    if not (who.may_see(report.document) and who.is_among(report.owner_id, schedule.definition.shared_with)):
        return False
    note = ReportDelivery(report=report, user_id=contact.user_id, way=schedule.delivery, at=clock.now())
    _, is_new = ReportDelivery.objects.get_or_create(
        report=report, user_id=contact.user_id, defaults={"way": note.way, "at": note.at}
    )
    if is_new:
        with translation.override(contact.language or settings.LANGUAGE_CODE):
            letter = _letter(contact, report, result, is_attached=schedule.delivery == Delivery.ATTACHMENT)
        letter.send()
    return is_new


def _letter(contact: Contact, report: Report, result: ReportResult, *, is_attached: bool) -> EmailMessage:
    is_attached = is_attached and result.content_bytes <= ATTACHED_BYTES_MAX
    context = {
        "handle": contact.handle,
        "report": report,
        "result": result,
        "is_attached": is_attached,
        "url": f"{settings.PUBLIC_URL}/business/reports/made/{report.pk}/",
    }
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    letter = EmailMessage(
        subject=render_to_string("emails/report_made.subject.txt", context).strip(),
        body=render_to_string("emails/report_made.txt", context),
        to=[contact.email],
        headers={"Message-ID": f"<report-{report.pk}-{contact.user_id}@{host}>"},
    )
    if is_attached:
        name = file_name(report.title, report.first_on, report.last_on, Format(result.format))
        letter.attach(name, bytes(result.content), result.content_type.partition(";")[0])
    return letter
