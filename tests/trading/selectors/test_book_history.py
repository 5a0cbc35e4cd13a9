"""The past of a book, with and without snapshots, from the table and from the archive."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from markets.errors import JournalBeforeMarket, JournalNotKept, JournalNotYet
from markets.models import JournalFile, JournalSnapshot, MarketEvent, MarketHead
from markets.selectors.journal_files import archive_dir
from markets.selectors.journal_records import kept_records
from markets.services import archive_journal as archiving
from markets.services import snapshot_journal as snapshots
from markets.services.archive_journal import archive_journal
from markets.services.snapshot_journal import snapshot_journal
from tests.factories.trading import funded_alice, funded_traders, live_categorical_market, live_market, place, run
from trading.models import Order
from trading.selectors.book_history import book_at
from trading.selectors.books import book_view, forget_books
from trading.types import CancelOrder

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch, settings, tmp_path):
    forget_books()
    monkeypatch.setattr(snapshots, "SNAPSHOT_RECORDS", 7)
    monkeypatch.setattr(archiving, "FILE_RECORDS", 15)
    monkeypatch.setattr(archiving, "MEMBER_RECORDS", 4)
    settings.JOURNAL_ARCHIVE_DIR = tmp_path / "journal"


def busy_market(count=40, *, make=live_market):
    """A market with its book after each record, as everybody saw it then."""
    chance, traders = random.Random(7), funded_traders(3)
    with clock.replaying(START):
        market = make()
    seen = {}
    for number in range(count):
        with clock.replaying(START + timedelta(minutes=number + 1)):
            trader, outcome = chance.choice(traders), chance.randrange(2)
            place(trader, market, "buy", outcome, price=chance.randrange(30, 60) / 100, shares=5)
        note(market, seen)
        if number % 5 == 4:
            with clock.replaying(START + timedelta(minutes=number + 1, seconds=30)):
                mine = Order.objects.filter(market=market, status="open").order_by("?").first()
                run(market, CancelOrder(mine.user_id, mine.pk))
            note(market, seen)
    return market, seen


def note(market, seen):
    view = seen[MarketHead.objects.get(pk=market.pk).seq] = book_view(market.pk, depth=50)
    assert view.seq in seen


def compare(market, seen):
    for seq, view in seen.items():
        past = book_at(market.pk, seq, depth=50)
        assert past.view == view
        assert past.at == book_at(market.pk, past.at, depth=50).at
        assert book_at(market.pk, past.at + timedelta(seconds=1), depth=50).view == view


@pytest.mark.django_db
@pytest.mark.parametrize("make", [live_market, live_categorical_market])
def test_the_past_is_as_it_was_seen(make):
    market, seen = busy_market(make=make)
    compare(market, seen)
    assert snapshot_journal() == 7
    assert snapshot_journal() == 0
    compare(market, seen)
    assert list(JournalSnapshot.objects.values_list("seq", flat=True)) == [7, 14, 21, 28, 35, 42, 49]


@pytest.mark.django_db
def test_no_more_is_read_than_since_the_snapshot_before():
    market, _ = busy_market()
    snapshot_journal()
    with CaptureQueriesContext(connection) as queries:
        book_at(market.pk, 41, depth=50)
    assert len(queries) == 3
    rows = [query["sql"] for query in queries if "data->'l'" in query["sql"]]
    assert "seq > 35 AND seq <= 41" in rows[0]


@pytest.mark.django_db
def test_what_has_no_book_is_told():
    market, _ = busy_market(2)
    with pytest.raises(JournalNotYet, match="The newest record is 4"):
        book_at(market.pk, 5, depth=5)
    with pytest.raises(JournalNotYet, match="still to come"):
        book_at(market.pk, clock.now() + timedelta(minutes=1), depth=5)
    with pytest.raises(JournalBeforeMarket):
        book_at(market.pk, START - timedelta(seconds=1), depth=5)
    assert book_at(4242, 1, depth=5) is None


@pytest.mark.django_db(transaction=True)
def test_the_archive_is_read_like_the_table():
    market, seen = busy_market()
    before = list(kept_records(market.pk))
    snapshot_journal()
    report = archive_journal(days=1)
    assert (report.files, report.records) == (4, 50)
    assert not MarketEvent.objects.filter(market=market).exists()
    assert list(kept_records(market.pk)) == before
    assert list(kept_records(market.pk, after_seq=13, upto_seq=31)) == before[13:31]
    compare(market, seen)
    with clock.replaying(START + timedelta(days=1)):
        place(funded_alice(), market, price=0.2, shares=1)
    assert [record.seq for record in kept_records(market.pk, after_seq=48)] == [49, 50, 51]
    (archive_dir() / JournalFile.objects.order_by("first_seq")[1].path).write_bytes(b"gone")
    with pytest.raises(JournalNotKept, match="records 16 to 30"):
        book_at(market.pk, 20, depth=5)
