"""Work of the market that the ledger of jobs runs by the clock."""

import pytest

from common.jobs import kinds
from common.jobs.run import run_due_jobs
from common.jobs.sweep import enqueue_due_ticks
from common.models import Job
from tests.factories.trading import live_market
from trading.models import MarketBook

pytestmark = pytest.mark.django_db


def test_the_24_hour_figures_are_refreshed_by_a_job_each_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = kinds.kind_named("refresh_day_figures")
    assert kind is not None
    assert kind.every_s == 60
    monkeypatch.setattr(kinds, "_kinds", {kind.name: kind})
    market = live_market()
    MarketBook.objects.update(prices_24h_ago=[])
    enqueue_due_ticks()
    enqueue_due_ticks()
    assert run_due_jobs() == 1
    job = Job.objects.get()
    assert (job.status, job.result) == ("COMPLETED", {"markets": 1})
    assert MarketBook.objects.get(market_id=market.pk).prices_24h_ago == [500_000, 500_000]
