"""Nine lived days, folded: some markets are over, with winners and losers."""

import pytest

from analytics.skill.services.fold_records import fold_records
from tests.analytics.business.days import Days


@pytest.fixture
def lived(db: None) -> Days:
    days = Days(2)
    for day in range(9):
        days.live(day, commands=8)
    fold_records()
    return days
