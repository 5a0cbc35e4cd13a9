"""Numeric and date markets, liquidity and NO on the market page."""

from decimal import Decimal

import pytest
from django.test import Client

from markets.models import Market
from markets.services.close_market import close_market
from markets.types import MarketKind, ScaleSpec
from tests.factories.accounts import make_dave
from tests.factories.markets import make_draft
from tests.factories.trading import LIQUIDITY, funded_alice, live_categorical_market, live_market, run
from trading.models import Position, Provision
from trading.selectors.market_detail import market_detail
from trading.services.open_market import open_market
from trading.types import MintSets
from trading.web.distribution import distribution

pytestmark = pytest.mark.django_db(transaction=True)


def rain() -> Market:
    scale = ScaleSpec(lower="0", upper="30", buckets=3, unit="mm", above=True)
    market = make_draft(kind=MarketKind.NUMERIC, scale=scale, liquidity_lots=LIQUIDITY)
    open_market(market.pk)
    market.refresh_from_db()
    return market


def test_bars_stand_where_their_buckets_are() -> None:
    detail = market_detail(rain().pk)
    assert detail is not None
    drawn = distribution(detail)
    assert drawn is not None
    assert [(bar.x, bar.width, bar.height, bar.is_open) for bar in drawn.bars] == [
        (2.0, 246.0, 232.0, False),
        (252.0, 246.0, 232.0, False),
        (502.0, 246.0, 232.0, False),
        (752.0, 246.0, 232.0, True),
    ]
    assert (drawn.mean, drawn.mean_x, drawn.median) == ("20 mm", 500.0, "20 mm")
    assert drawn.labels == ("0 mm", "10 mm", "20 mm", "30 mm", "higher")


def test_the_page_shows_the_chart_and_the_mean(client: Client) -> None:
    market = rain()
    html = client.get(f"/markets/{market.slug}").content.decode()
    assert '<span class="num" id="headline">20 mm</span>' in html
    assert html.count("<rect") >= 4
    part = client.get(f"/markets/{market.slug}/distribution").content.decode()
    assert "data-mean>20 mm</strong>" in part
    assert "10 to 20 mm: 25.0%" in part


def test_a_market_without_a_scale_has_no_chart_of_it(client: Client) -> None:
    market = live_market()
    assert client.get(f"/markets/{market.slug}/distribution").status_code == 404
    assert 'id="distribution"' not in client.get(f"/markets/{market.slug}").content.decode()


def test_the_creator_proposes_a_value(client: Client) -> None:
    market = rain()
    close_market(market_id=market.pk, actor_id=None)
    client.force_login(make_dave())
    assert 'name="value"' in client.get(f"/markets/{market.slug}").content.decode()
    wrong = client.post(f"/markets/{market.slug}/propose", {"value": "-3", "reason": "The service says so."})
    assert wrong.status_code == 422
    assert "in no bucket" in wrong.content.decode()
    empty = client.post(f"/markets/{market.slug}/propose", {"reason": "The service says so."})
    assert "Give the value, or choose its bucket." in empty.content.decode()
    right = client.post(f"/markets/{market.slug}/propose", {"value": "12.5", "reason": "The service says so."})
    assert right.status_code == 302
    market.refresh_from_db()
    assert (market.proposed_value, market.proposed_payouts) == (Decimal("12.5"), [0, 10_000, 0, 0])


def test_liquidity_is_added_and_withdrawn_by_the_page(client: Client) -> None:
    alice, market = funded_alice(), live_market(liquidity_lots=LIQUIDITY)
    client.force_login(alice)
    added = client.post(f"/markets/{market.slug}/liquidity", {"action": "add", "quantity": "50"}, follow=True)
    assert "You provide 50 more, for 34.65735903 credits." in added.content.decode()
    assert Provision.objects.get(market=market).quantity == 500_000
    much = client.post(f"/markets/{market.slug}/liquidity", {"action": "withdraw", "quantity": "51"})
    assert much.status_code == 409
    assert "You provide 50 and this withdraws 51" in much.content.decode()
    back = client.post(f"/markets/{market.slug}/liquidity", {"action": "withdraw", "quantity": "50"}, follow=True)
    assert "Withdrawn: 34.6573590" in back.content.decode()
    wrong = client.post(f"/markets/{market.slug}/liquidity", {"action": "add", "quantity": "much"})
    assert (wrong.status_code, Provision.objects.get(market=market).quantity) == (422, 0)


def test_no_is_converted_by_the_page(client: Client) -> None:
    alice, market = funded_alice(), live_categorical_market()
    run(market, MintSets(alice.pk, 200_000))
    client.force_login(alice)
    done = client.post(f"/markets/{market.slug}/convert", {"outcomes": ["0", "2"], "quantity": "10"}, follow=True)
    assert "Converted: 10 credits are in your account." in done.content.decode()
    assert set(Position.objects.filter(user=alice).values_list("quantity", flat=True)) == {100_000}
    refused = client.post(f"/markets/{market.slug}/convert", {"outcomes": ["0", "2"], "quantity": "10"})
    assert refused.status_code == 409


def test_a_visitor_may_look_and_not_touch(client: Client) -> None:
    market = live_market(liquidity_lots=LIQUIDITY)
    html = client.get(f"/markets/{market.slug}").content.decode()
    assert 'id="maker-title"' in html
    assert f"/markets/{market.slug}/liquidity" not in html
    answer = client.post(f"/markets/{market.slug}/liquidity", {"action": "add", "quantity": "1"})
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_staff_make_a_numeric_market_by_the_form(client: Client) -> None:
    dave = make_dave()
    topic = live_market().topic
    client.force_login(dave)
    page = client.get("/admin/markets/market/add/")
    if page.status_code == 302:
        pytest.skip("the admin asks for a second factor here")
    fields = {
        "question": "How much rain will fall in March?",
        "kind": "numeric",
        "topic": str(topic.pk),
        "closes_at_0": "2030-04-01",
        "closes_at_1": "00:00:00",
        "rules": "The monthly sum of the weather service.",
        "liquidity": "100",
        "taker_fee_bps": "0",
        "maker_fee_bps": "0",
        "tick": "1",
        "lot": "1",
        "challenge_window_s": "3600",
        "unit": "mm",
        "is_open_above": "on",
        "scale_lower": "0",
        "scale_upper": "30",
    }
    refused = client.post("/admin/markets/market/add/", fields | {"scale_buckets": "0"})
    assert "Send 1 to 100, or bounds." in refused.content.decode()
    made = client.post("/admin/markets/market/add/", fields | {"scale_buckets": "3"})
    assert made.status_code == 302, made.content.decode()
    market = Market.objects.get(kind="numeric")
    assert [outcome.name for outcome in market.outcomes.all()][-1] == "30 mm or more"
    assert (market.bounds, market.unit) == ([0, 10, 20, 30], "mm")
