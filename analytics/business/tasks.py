"""Jobs of business figures: each calls services, and may run twice or not at all for a while."""

from celery import shared_task

from analytics.business.services import fold_activity as folding
from analytics.business.services import reconcile_ledger as reconciling
from analytics.business.services import refresh_days as refreshing
from analytics.business.services import sample_books as sampling


@shared_task
def fold_activity() -> int:
    """How many journal records were added to the rollups."""
    records = folding.fold_activity()
    refreshing.refresh_days()
    return records


@shared_task
def reconcile_ledger() -> int:
    """The difference to the ledger in cash units: 0 unless something is very wrong."""
    folding.fold_sign_ups(is_full=True)
    return reconciling.reconcile_ledger().difference


@shared_task
def sample_books() -> int:
    """How many markets' books were looked at."""
    return sampling.sample_books()
