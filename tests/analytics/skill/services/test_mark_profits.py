"""Hourly marks of what everybody has earned equal what their positions say, and add up on the page."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client

from analytics.skill.models import Mark
from analytics.skill.selectors.own_profit import Span, own_profit
from analytics.skill.services.mark_profits import HOURS_KEPT, mark_profits
from common import clock
from tests.analytics.business.days import FIRST, Days
from trading.models import MarketBook, Position

NOW = FIRST + timedelta(days=9, minutes=20)


def earned(user_id: int) -> int:
    """Value less cost of every position there ever was, one by one."""
    books = {book.pk: book for book in MarketBook.objects.all()}
    found = 0
    for position in Position.objects.filter(user_id=user_id):
        found += position.quantity * books[position.market_id].prices[position.outcome] // 100 - position.cost
    return found


def test_marks_and_the_page_are_exact(lived: Days, client: Client, django_assert_max_num_queries: Any) -> None:
    with clock.replaying(NOW):
        assert mark_profits() == mark_profits() > 3
        for mark in Mark.objects.all():
            assert (mark.at, mark.profit) == (NOW.replace(minute=0), earned(mark.user_id))
        user = lived.users[0]
        found = own_profit(user.pk, Span.ALL)
        assert found.total == earned(user.pk) == sum(one.profit for one in found.markets)
        assert found.total == sum(profit for _, _, profit in found.topics)
        assert found.points[-1] == (NOW, found.total)
        assert Position.objects.filter(user=user).aggregate(Sum("cost"))["cost__sum"] is not None
        client.force_login(user)
        with django_assert_max_num_queries(11):
            assert client.get("/portfolio/profit?span=day").status_code == 200


@pytest.mark.django_db
def test_older_days_keep_their_last_mark() -> None:
    hours = [NOW.replace(minute=0) - timedelta(hours=number) for number in range(HOURS_KEPT + 49)]
    Mark.objects.bulk_create([Mark(user_id=1, at=at, profit=0) for at in hours])
    with clock.replaying(NOW):
        mark_profits()
    kept = sorted(at for at in Mark.objects.values_list("at", flat=True) if at < NOW - timedelta(hours=HOURS_KEPT + 24))
    assert [at.hour for at in kept] == [23] * len(kept)
    assert len(kept) == 1
    assert Mark.objects.filter(at__gte=NOW - timedelta(hours=HOURS_KEPT)).count() == HOURS_KEPT


@pytest.mark.django_db
def test_whoever_never_traded_sees_an_empty_page(client: Client) -> None:
    assert client.get("/portfolio/profit").status_code == 302
    days = Days(1)
    client.force_login(days.users[0])
    assert "Nothing traded yet" in client.get("/portfolio/profit").content.decode()
