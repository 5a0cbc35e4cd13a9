"""Forget reports whose time is over, and results that no report shows."""

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import Exists, OuterRef

from analytics.reports.models import Report, ReportResult
from common import clock

_BATCH: Final = 1_000
_GRACE: Final = timedelta(hours=1)


def remove_old_reports() -> int:
    """How many reports went: those older than REPORT_KEEP_DAYS."""
    now = clock.now()
    old = Report.objects.filter(created_at__lt=now - timedelta(days=settings.REPORT_KEEP_DAYS))
    ids = list(old.order_by("created_at").values_list("pk", flat=True)[:_BATCH])
    Report.objects.filter(pk__in=ids).delete()
    shown = Exists(Report.objects.filter(result_id=OuterRef("pk")))
    left = ReportResult.objects.filter(~shown, made_at__lt=now - _GRACE)
    ReportResult.objects.filter(pk__in=list(left.values_list("pk", flat=True)[:_BATCH])).delete()
    return len(ids)
