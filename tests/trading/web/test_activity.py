"""What happened to a market beside its trades."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from markets.services.halt_market import halt_market
from markets.services.moderate_comment import delete_comment
from markets.services.post_comment import post_comment
from tests.factories.accounts import make_bob, make_dave
from tests.factories.markets import make_draft
from tests.factories.trading import funded_alice, live_market, place
from trading.selectors import market_activity as selecting

pytestmark = pytest.mark.django_db


def test_turns_and_comments_stand_together_without_trades(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    market = live_market(slug="rain")
    place(funded_alice(), market, price=0.4, shares=10)
    said = post_comment(market_id=market.pk, author_id=make_bob().pk, text="<b>Rain</b> is near.")
    gone = post_comment(market_id=market.pk, author_id=make_bob().pk, text="Not this.")
    delete_comment(comment_id=gone, author_id=make_bob().pk)
    halt_market(market_id=market.pk, actor_id=make_dave().pk, reason="The source is down.")
    with django_assert_num_queries(2):
        found = selecting.market_activity(market.pk)
    kinds = [one.kind for one in found]
    assert kinds[:2] == ["halted", "commented"]
    assert {"created", "opened"} <= set(kinds)
    page = Client().get("/markets/rain/activity").content.decode()
    assert f'<a href="/markets/rain#comment-{said}">&lt;b&gt;Rain&lt;/b&gt; is near.</a>' in page
    assert "halted trading" in page
    assert "Not this." not in page
    assert "<html" in page
    part = Client().get("/markets/rain/activity", headers={"X-Requested-With": "fetch"}).content.decode()
    assert "<html" not in part


def test_only_the_newest_records_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    market = live_market(slug="rain")
    alice = funded_alice()
    place(alice, market, price=0.4, shares=10)
    place(alice, market, price=0.3, shares=10)
    monkeypatch.setattr(selecting, "LOOK", 2)
    assert selecting.market_activity(market.pk) == ()
    page = Client().get("/markets/rain/activity").content.decode()
    assert "Nothing but trades has happened lately." in page


def test_drafts_are_nobodys_business() -> None:
    make_draft(slug="soon")
    assert Client().get("/markets/soon/activity").status_code == 404


def test_the_legend_tells_of_outcomes_that_arent_drawn() -> None:
    page = Client().get(f"/markets/{live_market(slug='rain').slug}").content.decode()
    assert 'id="legend"' not in page
    assert '<section class="panel" id="activity"' in page
