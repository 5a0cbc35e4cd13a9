"""The lists of the masthead over real commits: nothing is kept inside a test's own transaction."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Announcement
from accounts.selectors.announcements import AnnouncementView
from accounts.types import Audience
from common.clock import now
from tests.factories.rows import row_market, row_user
from trading.selectors.accounts import account_view
from trading.selectors.masthead import masthead
from trading.selectors.topics import topics

pytestmark = pytest.mark.django_db(transaction=True)


def test_lists_and_cash_are_one_statement_and_cash_alone_when_the_lists_are_kept() -> None:
    alice, bob = row_user("alice"), row_user("bob")
    row_market(topic="Science")
    row_market(topic="Sport")
    starts_at = now().replace(microsecond=123_456)
    told = [
        Announcement.objects.create(
            title="Maintenance", text='"Tonight"', audience=Audience.EVERYBODY,
            starts_at=starts_at + timedelta(hours=hour), ends_at=starts_at + timedelta(hours=hour + 1),
            created_by=alice, updated_at=starts_at,
        )
        for hour in (-2, 0, 1)
    ]  # fmt: skip
    with CaptureQueriesContext(connection) as statements:
        lists, account = masthead(alice.pk)
    assert len(statements) == 1
    assert lists.topics == topics()
    assert lists.announcements == tuple(
        AnnouncementView(one.pk, one.title, one.text, Audience.EVERYBODY, one.starts_at, one.ends_at)
        for one in (told[2], told[1])
    )
    assert account == account_view(alice.pk)
    with CaptureQueriesContext(connection) as statements:
        again, other = masthead(bob.pk)
    assert len(statements) == 1
    assert again is lists
    assert other == account_view(bob.pk)
    with CaptureQueriesContext(connection) as statements:
        assert masthead(None) == (lists, None)
    assert len(statements) == 0


def test_an_empty_site_and_somebody_who_does_not_exist() -> None:
    lists, account = masthead(999_999)
    assert (lists.topics, lists.announcements, account) == ((), (), None)
