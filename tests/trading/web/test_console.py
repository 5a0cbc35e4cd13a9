"""The creator's own page: their markets with what they bring, cost and need."""

from datetime import timedelta
from math import log
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import User
from accounts.types import Role
from common import clock
from common.money import CASH_SCALE
from markets.services.close_market import close_market
from markets.services.confirm_resolution import confirm_resolution
from markets.services.propose_resolution import propose_resolution
from tests.factories.accounts import make_alice, make_user
from tests.factories.markets import make_draft
from trading.engine.lmsr import subsidy
from trading.selectors.own_markets import expected_loss, own_markets, own_totals
from trading.services.open_market import open_market
from trading.services.settle_market import settle_market

pytestmark = pytest.mark.django_db
LIQUIDITY = 1_000_000


@pytest.fixture
def mia() -> User:
    return make_user("mia", roles=(Role.TRADER, Role.MARKET_MAKER))


def test_each_market_tells_what_it_needs(client: Client, mia: User, django_assert_max_num_queries: Any) -> None:
    draft, opened, closed, over = (
        make_draft(creator=mia, liquidity_lots=LIQUIDITY, challenge_window_s=3_600) for _ in range(4)
    )
    for market in (opened, closed, over):
        open_market(market.pk)
    for market in (closed, over):
        close_market(market_id=market.pk, actor_id=None)
    propose_resolution(market_id=over.pk, actor_id=None, payouts=[10_000, 0], reason="It rained.")
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        confirm_resolution(market_id=over.pk, actor_id=None)
    settle_market(market_id=over.pk)
    found = {market.id: market for market in own_markets(mia.pk).items}
    assert [found[one.pk].todo for one in (draft, opened, closed, over)] == ["publish", "", "propose", ""]
    most = subsidy(LIQUIDITY, 2)
    assert [found[one.pk].subsidy for one in (draft, opened, over)] == [most] * 3
    assert found[over.pk].is_final
    assert found[over.pk].lost == 0, "nobody traded, so all of it came back"
    assert found[opened.pk].left == most
    totals = own_totals(mia.pk)
    assert (totals.markets, totals.open, totals.todo, totals.volume) == (4, 1, 2, 0)
    client.force_login(mia)
    client.get("/creator")
    with django_assert_max_num_queries(11):
        html = client.get("/creator").content.decode()
    assert f"/markets/{closed.slug}#propose" in html
    assert f"/markets/{draft.slug}#open" in html
    todo = client.get("/creator?show=todo").content.decode()
    assert closed.question in todo
    assert opened.question not in todo


def test_nobody_sees_the_markets_of_others(client: Client, mia: User) -> None:
    market = make_draft(creator=mia)
    client.force_login(make_alice())
    html = client.get("/creator").content.decode()
    assert market.question not in html
    assert "You have made no market yet" in html
    client.logout()
    assert client.get("/creator")["Location"].startswith("/accounts/login")


def test_long_lists_are_paged_by_key(client: Client, mia: User) -> None:
    made = [make_draft(creator=mia) for _ in range(21)]
    client.force_login(mia)
    html = client.get("/creator").content.decode()
    assert made[0].question + "<" not in html
    cursor = html.split("cursor=")[1].split('"')[0]
    assert made[0].question + "<" in client.get(f"/creator?cursor={cursor}").content.decode()
    assert client.get("/creator?cursor=odd").status_code == 200


@pytest.mark.parametrize(
    ("prices", "part"),
    [
        ((500_000, 500_000), 0.0),
        ((1_000_000, 0), log(2)),
        ((250_000, 250_000, 250_000, 250_000), 0.0),
        ((900_000, 100_000), log(2) + 0.9 * log(0.9) + 0.1 * log(0.1)),
        ((0, 0), 0.0),
        ((), 0.0),
    ],
)
def test_the_loss_follows_the_prices(prices: tuple[int, ...], part: float) -> None:
    assert expected_loss(LIQUIDITY, prices) == pytest.approx(100 * part * CASH_SCALE, abs=2)
    assert expected_loss(0, prices) == 0
