import threading
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction

from common import clock
from markets.errors import MarketNotFound
from markets.models import MarketEvent, MarketHead
from markets.services import journal
from markets.types import EventKind, JournalRecord
from tests.factories.markets import make_draft


def _records(number: int) -> list[JournalRecord]:
    data = '{"text": "żółw", "n": 9007199254740993}'
    return [JournalRecord(EventKind.ORDER_PLACED, clock.now(), None, data) for _ in range(number)]


@pytest.mark.django_db
def test_records_follow_each_other() -> None:
    market, other = make_draft(), make_draft()
    with transaction.atomic(), connection.cursor() as cursor:
        assert journal.lock_head(cursor, market.pk) == 1
        journal.append(cursor, market.pk, _records(3))
        assert journal.lock_head(cursor, market.pk) == 4
    assert list(MarketEvent.objects.filter(market=market).values_list("seq", flat=True)) == [1, 2, 3, 4]
    last = MarketEvent.objects.get(market=market, seq=4)
    assert (last.kind, last.data) == ("order_placed", {"text": "żółw", "n": 9007199254740993})
    assert MarketHead.objects.get(market=other).seq == 1


@pytest.mark.django_db
def test_no_head_no_lock() -> None:
    with transaction.atomic(), pytest.raises(MarketNotFound):
        journal.lock_head(None, 10**15)


@pytest.mark.django_db(transaction=True)
def test_a_pipeline_of_psycopg_writes_it_too() -> None:
    market = make_draft()
    name = connection.settings_dict["NAME"]
    url = settings.DATABASES["default"]
    with (
        psycopg.connect(dbname=name, host=url["HOST"], user=url["USER"], port=url["PORT"] or None) as conn,
        conn.pipeline(),
        conn.cursor() as cursor,
    ):
        assert journal.lock_head(cursor, market.pk) == 1
        journal.append(cursor, market.pk, _records(2))
    assert MarketHead.objects.get(market=market).seq == 3
    assert MarketEvent.objects.filter(market=market).count() == 3


@pytest.mark.django_db(transaction=True)
def test_parallel_writers_leave_no_gap() -> None:
    market = make_draft()
    start = threading.Barrier(8, timeout=10)

    def write(number: int) -> None:
        start.wait()
        for _ in range(5):
            with transaction.atomic(), connection.cursor() as cursor:
                journal.lock_head(cursor, market.pk)
                journal.append(cursor, market.pk, _records(number % 3 + 1))
        connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    seqs = list(MarketEvent.objects.filter(market=market).values_list("seq", flat=True))
    assert seqs == list(range(1, 1 + 1 + 5 * (1 + 2 + 3 + 1 + 2 + 3 + 1 + 2)))
    assert MarketHead.objects.get(market=market).seq == seqs[-1]
