"""Readers of reports, and a few days of trading to report on."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from accounts.models import User
from accounts.types import Role
from analytics.business.services.fold_activity import fold_activity
from analytics.business.services.refresh_days import refresh_days
from common.jobs.heartbeat import Heartbeat
from tests.analytics.business.days import FIRST, Days
from tests.factories.accounts import make_user

DAYS = 3


@pytest.fixture(autouse=True)
def _calm_leases(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lease is renewed on a connection of its own, which can't see the rows of a test: a slow one would lose it."""
    monkeypatch.setattr(Heartbeat, "_beat", lambda self: None)


@pytest.fixture
def now() -> Iterator[Any]:
    """Noon of the day after the days of trading."""
    with time_machine.travel(FIRST + timedelta(days=DAYS, hours=3), tick=False) as traveller:
        yield traveller


@pytest.fixture
def analyst(db: None) -> User:
    return make_user("carol", roles=(Role.TRADER, Role.ANALYST))


@pytest.fixture
def operator(db: None) -> User:
    return make_user("dave", roles=(Role.TRADER, Role.OPERATOR))


@pytest.fixture
def traded(db: None, now: Any) -> Days:
    """Three days of trading, in the rollups."""
    days = Days(3, traders=2)
    for day in range(DAYS):
        days.live(day, commands=4)
    fold_activity()
    refresh_days()
    return days
