"""Who reads figures, as in the tests of the measurements, and days that were lived and folded."""

from datetime import timedelta

import pytest

from analytics.business.services.fold_activity import fold_activity
from analytics.business.services.reconcile_ledger import reconcile_ledger
from analytics.business.services.refresh_days import refresh_days
from analytics.business.services.sample_books import sample_books
from common import clock
from tests.analytics.business.days import FIRST, Days
from tests.monitoring.api.conftest import alice, ana, dave

__all__ = ["alice", "ana", "dave"]
NOW = FIRST + timedelta(days=7, hours=14)


@pytest.fixture
def lived(db: None) -> Days:
    """Eight days, folded; the pages are read at ``NOW``."""
    days = Days(5)
    for day in range(8):
        days.live(day, commands=8)
    with clock.replaying(NOW):
        fold_activity()
        refresh_days()
        sample_books()
        reconcile_ledger()
    return days
