"""Retention, lifecycle and funnel equal what one finds by asking each person, over random people and days."""

import random
from datetime import date, timedelta

import pytest

from analytics.business.engine.periods import beginning, following, periods
from analytics.business.models import Trader, TraderDay
from analytics.business.selectors.comebacks import CohortBy, ReturnEvent, funnel, lifecycle, retention
from analytics.business.types import Grain

pytestmark = pytest.mark.django_db
START, DAYS = date(2026, 3, 2), 90
TODAY = START + timedelta(days=DAYS)


class People:
    """Random people: when they joined, and the days on which they ordered and had fills."""

    def __init__(self, seed: int, count: int = 40) -> None:
        luck = random.Random(seed)
        self.joined = {n: START + timedelta(days=luck.randrange(DAYS)) for n in range(1, count + 1)}
        self.orders: dict[int, set[date]] = {}
        self.fills: dict[int, set[date]] = {}
        for person, day in self.joined.items():
            left = (TODAY - day).days
            chance = luck.choice([0.0, 0.02, 0.1, 0.4])
            days = [day + timedelta(days=n) for n in range(left + 1) if luck.random() < chance]
            self.orders[person] = set(days)
            self.fills[person] = {one for one in days if luck.random() < 0.6}
        self._store()

    def first_order(self, person: int) -> date | None:
        return min(self.orders[person], default=None)

    def _store(self) -> None:
        Trader.objects.bulk_create(
            Trader(
                user_id=person,
                handle=f"p{person}",
                is_simulated=False,
                signed_up_on=day,
                joined_on=day,
                funded_on=day if person % 5 else self.first_order(person),
                first_order_on=self.first_order(person),
                first_fill_on=min(self.fills[person], default=None),
            )
            for person, day in self.joined.items()
        )
        TraderDay.objects.bulk_create(
            TraderDay(
                day=day, user_id=person, market_id=market, orders=1, taken=int(day in self.fills[person]), made=0,
                volume=0, fees=0,
            )
            for person, days in self.orders.items()
            for day in days
            for market in (1, 2)[: 1 + person % 2]
        )  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("grain", [Grain.WEEK, Grain.MONTH])
@pytest.mark.parametrize("by", CohortBy)
@pytest.mark.parametrize("event", ReturnEvent)
def test_the_grid_equals_brute_force(seed: int, grain: Grain, by: CohortBy, event: ReturnEvent) -> None:
    people = People(seed)
    grid = retention(start=START, end=TODAY, grain=grain, by=by, event=event, today=TODAY)
    starts = list(periods(START, TODAY, grain))
    assert [cohort.start for cohort in grid] == starts
    deeds = people.orders if event is ReturnEvent.ORDER else people.fills
    began = people.joined if by is CohortBy.JOINED else {p: people.first_order(p) for p in people.joined}
    for place, cohort in enumerate(grid):
        members = [p for p, day in began.items() if day is not None and beginning(day, grain) == cohort.start]
        assert cohort.size == len(members)
        for period, count in zip(starts[place:], cohort.counts, strict=True):
            came = [p for p in members if any(period <= day < following(period, grain) for day in deeds[p])]
            assert count == (len(came) if following(period, grain) <= TODAY else None)


@pytest.mark.parametrize("seed", range(3))
def test_the_lifecycle_equals_brute_force(seed: int) -> None:
    people = People(seed)
    found = lifecycle(start=START + timedelta(days=21), end=TODAY, grain=Grain.WEEK, today=TODAY)
    for one in found:
        before = one.start - timedelta(days=7)
        weeks = {p: {beginning(day, Grain.WEEK) for day in days} for p, days in people.orders.items()}
        active = {p for p, own in weeks.items() if one.start in own}
        earlier = {p for p, own in weeks.items() if before in own}
        new = {p for p in active if min(weeks[p]) == one.start}
        assert (one.active, one.new) == (len(active), len(new))
        assert one.returning == len(active & earlier)
        assert one.resurrecting == len(active - earlier - new)
        assert one.active == one.new + one.returning + one.resurrecting
        assert one.dormant == (len(earlier - active) if following(one.start, Grain.WEEK) <= TODAY else None)


@pytest.mark.parametrize("seed", range(3))
def test_the_funnel_equals_brute_force(seed: int) -> None:
    people = People(seed)
    end = START + timedelta(days=60)
    steps = {step.name: (step.count, step.of) for step in funnel(start=START, end=end, today=TODAY)}
    joined = [p for p, day in people.joined.items() if day < end]
    funded = [p for p in joined if p % 5 or people.orders[p]]
    ordered = [p for p in funded if people.orders[p]]
    filled = [p for p in ordered if people.fills[p]]
    over = [p for p in filled if people.joined[p] + timedelta(days=13) < TODAY]
    second = [p for p in over if any(7 <= (day - people.joined[p]).days <= 13 for day in people.orders[p])]
    assert steps == {
        "joined": (len(joined), len(joined)),
        "funded": (len(funded), len(joined)),
        "ordered": (len(ordered), len(funded)),
        "filled": (len(filled), len(ordered)),
        "second_week": (len(second), len(over)),
    }
