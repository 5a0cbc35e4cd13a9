from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from analytics.business.models import SiteDay
from common import clock
from tests.analytics.business.conftest import NOW
from tests.analytics.business.days import Days

pytestmark = pytest.mark.django_db


def rebuilt(*arguments: str) -> str:
    said = StringIO()
    with clock.replaying(NOW):
        call_command("rebuild_business", *arguments, stdout=said)
    return said.getvalue()


def test_the_check_says_that_all_is_equal_or_what_differs(lived: Days) -> None:
    said = rebuilt("--check")
    assert said.count(" equal\n") == 10
    assert "Difference to the ledger: 0 credits." in said
    SiteDay.objects.update(trades=0)
    with pytest.raises(CommandError, match="Rollups that differ: siteday"):
        rebuilt("--check")
    assert "siteday" in rebuilt()
    assert "CHANGED" not in rebuilt("--check")
