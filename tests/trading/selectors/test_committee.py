import pytest
from pytest_django import DjangoAssertNumQueries

from markets.models import CommitteeSeat, Market, MarketEvent
from markets.selectors.committee import committee
from markets.selectors.early_close import close_reason
from tests.factories.rows import NOW, row_market, row_user
from trading.models import MarketBook, Position, Provision
from trading.selectors.committee import committee_with_holders
from trading.selectors.holders import holders_among

pytestmark = pytest.mark.django_db


def test_seats_in_their_order_with_who_has_something_to_win(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    market, members = row_market(resolution_policy="committee"), [row_user() for _ in range(4)]
    for member in members:
        CommitteeSeat.objects.create(market=market, member=member)
    CommitteeSeat.objects.filter(member=members[1]).update(payouts=[10_000, 0], reason="I saw it.", voted_at=NOW)
    Position.objects.create(market=market, user=members[0], outcome=0, quantity=1, updated_at=NOW)
    Position.objects.create(market=market, user=members[1], outcome=0, quantity=0, updated_at=NOW)
    MarketBook.objects.update(added_liquidity=5)
    Provision.objects.create(market=market, user=members[2], quantity=5, updated_at=NOW)
    with django_assert_num_queries(1):
        found = committee_with_holders(market.pk)
    assert found is not None
    assert found[0] == committee(market.pk)
    assert found[1] == holders_among(market.pk, [member.pk for member in members]) == {members[0].pk, members[2].pk}


def test_why_trading_ended_before_its_time(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    early, late = (row_market(resolution_policy="committee", status="closed", closed_at=NOW) for _ in range(2))
    Market.objects.filter(pk=late.pk).update(closes_at=NOW)
    for market in (early, late):
        for member in (row_user(), row_user()):
            CommitteeSeat.objects.create(market=market, member=member)
        for seq, (kind, data) in enumerate((("closed", {"reason": "A typo."}), ("closed", {"reason": "It’s “known”."}),
                                            ("order_cancelled", {"reason": "x"})), start=1):  # fmt: skip
            MarketEvent.objects.create(market=market, seq=seq, kind=kind, at=NOW, data=data)
    with django_assert_num_queries(1):
        found = committee_with_holders(early.pk)
    assert found is not None
    assert found[2] == close_reason(early.pk) == "It’s “known”."
    assert (committee_with_holders(late.pk) or ("", "", "unread"))[2] == ""
    MarketEvent.objects.create(market=early, seq=4, kind="closed", at=NOW, data={})
    assert (committee_with_holders(early.pk) or ("", "", "unread"))[2] == ""


def test_a_committee_without_seats_and_no_committee() -> None:
    nobody = row_market(resolution_policy="committee")
    assert committee_with_holders(nobody.pk) == (committee(nobody.pk), frozenset(), "")
    assert committee_with_holders(row_market().pk) is None
