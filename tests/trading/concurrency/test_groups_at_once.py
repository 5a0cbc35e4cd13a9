"""An order group that trades on several markets at once keeps its one limit."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db.models import Sum

from markets.models import Market
from tests.factories.accounts import make_user
from tests.factories.trading import fund, funded_traders, live_market, order, run, spec
from trading.models import GroupFill, Order, OrderGroup
from trading.services import execute_commands
from trading.services._market_cache import CachedMarket
from trading.services.execute_commands import execute
from trading.services.order_groups import create_group
from trading.services.replay_market import replay_market
from trading.tasks import cancel_tripped_groups
from trading.types import Ties

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

InThreads = Callable[[list[Callable[[], Any]]], list[Any]]
SHARE = 10_000
#: What one command takes, in shares; the limit isn't a multiple of it.
SIZE, LIMIT = 3, 20


def sells(market: Market, seller: Any, commands: int) -> list[Any]:
    """Each in a transaction of its own, as from a process of its own."""
    answers = []
    for number in range(commands):
        asked = order(seller, spec(market, "buy", 1, price=0.5, shares=SIZE), f"{seller.pk}-{market.pk}-{number}")
        answers += execute(market.pk, [asked])
    return answers


@pytest.mark.parametrize("is_cached", [True, False])
def test_all_markets_together_pass_the_limit_by_less_than_one_command(
    in_threads: InThreads, monkeypatch: pytest.MonkeyPatch, is_cached: bool
) -> None:
    if not is_cached:
        monkeypatch.setattr(execute_commands, "cached_market", CachedMarket)
    quoter, markets = fund(make_user("quoter")), [live_market() for _ in range(3)]
    group = create_group(user_id=quoter.pk, limit_lots=LIMIT * SHARE, window_s=60)
    for market in markets:
        run(market, order(quoter, spec(market, price=0.5, shares=30, ties=Ties(group_id=group))))
    sellers = funded_traders(6)
    work = [partial(sells, markets[number % 3], seller, 4) for number, seller in enumerate(sellers)]
    results = in_threads(work)
    assert [result for result in results if isinstance(result, BaseException)] == []
    filled = Order.objects.filter(group_id=group).aggregate(Sum("filled"))["filled__sum"]
    assert LIMIT * SHARE <= filled < (LIMIT + SIZE) * SHARE
    tripped = OrderGroup.objects.get(pk=group).tripped_at
    assert tripped is not None
    assert GroupFill.objects.filter(group=group).aggregate(Sum("lots"))["lots__sum"] == filled
    cancel_tripped_groups()
    assert set(Order.objects.filter(group_id=group).values_list("status", flat=True)) == {"cancelled"}
    assert all(replay_market(market_id=market.pk).is_equal for market in markets)


def test_a_batch_is_cut_after_the_command_that_reaches_the_limit(in_threads: InThreads) -> None:
    quoter, markets = fund(make_user("quoter")), [live_market() for _ in range(2)]
    group = create_group(user_id=quoter.pk, limit_lots=LIMIT * SHARE, window_s=60)
    for market in markets:
        quotes = [spec(market, price=0.5, shares=1, ties=Ties(group_id=group)) for _ in range(60)]
        run(market, *[order(quoter, quote) for quote in quotes])
    batches = []
    for number, seller in enumerate(funded_traders(4)):
        market = markets[number % 2]
        commands = [order(seller, spec(market, "buy", 1, price=0.5, shares=SIZE), f"{seller.pk}-{i}") for i in range(9)]
        batches.append(partial(execute, market.pk, commands))
    results = in_threads(batches)
    assert [result for result in results if isinstance(result, BaseException)] == []
    filled = Order.objects.filter(group_id=group).aggregate(Sum("filled"))["filled__sum"]
    assert LIMIT * SHARE <= filled < (LIMIT + SIZE) * SHARE
