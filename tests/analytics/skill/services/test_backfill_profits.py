"""The profit of days before the marks began is what marks of those days would have said."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from analytics.skill.models import Mark
from analytics.skill.services.backfill_profits import backfill_profits
from analytics.skill.services.fold_records import fold_records
from common import clock
from tests.analytics.business.days import FIRST, Days
from tests.analytics.skill.services.test_mark_profits import earned
from trading.models import Position


@pytest.mark.django_db
def test_each_day_is_worth_what_its_positions_were_worth_in_the_evening() -> None:
    days = Days(2)
    expected: dict[tuple[int, object], int] = {}
    for day in range(5):
        days.live(day, commands=8)
        evening = (FIRST + timedelta(days=day)).replace(hour=23, minute=0, second=0, microsecond=0)
        expected |= {(user.pk, evening): earned(user.pk) for user in days.users}
    fold_records()
    traded = set(Position.objects.filter(user__isnull=False).values_list("user_id", flat=True))
    with clock.replaying(FIRST + timedelta(days=5, minutes=20)):
        Mark.objects.all().delete()
        added = backfill_profits()
        assert backfill_profits() == 0
    marks = {(mark.user_id, mark.at): mark.profit for mark in Mark.objects.all()}
    assert len(marks) == added
    assert {user_id for user_id, _ in marks} == traded
    assert marks == {key: profit for key, profit in expected.items() if key in marks}
    for user_id in traded:
        own = sorted(at for owner, at in marks if owner == user_id)
        assert len(own) == (own[-1] - own[0]).days + 1, "no day is left out"


@pytest.mark.django_db
def test_marks_that_are_there_stay_and_an_empty_site_has_nothing_to_add() -> None:
    assert backfill_profits() == 0
    days = Days(2)
    for day in range(3):
        days.live(day, commands=8)
    fold_records()
    user = days.users[0]
    begun = (FIRST + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    Mark.objects.create(user_id=user.pk, at=begun, profit=77)

    with clock.replaying(FIRST + timedelta(days=3, minutes=20)):
        call_command("backfill_profits", verbosity=0)

    own = Mark.objects.filter(user_id=user.pk).order_by("-at")
    assert own[0].profit == 77
    assert all(mark.at < begun for mark in own[1:])
