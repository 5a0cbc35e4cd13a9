"""The pages of staff for limits of a market and of a trader."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import AuditRecord
from accounts.types import Role
from tests.factories.accounts import make_alice, make_carol, make_dave, make_user
from tests.factories.markets import make_draft
from trading.models import Account, TraderLimit
from trading.services.grant import grant
from trading.services.open_market import open_market

pytestmark = pytest.mark.django_db
SENT = {"max_open_orders": "50", "max_order_size": "1,000", "max_position": "2500.5", "reason": "Thin market."}


@pytest.fixture
def wallet() -> Account:
    alice = make_alice()
    grant(user_id=alice.pk, amount=10**10, memo="Welcome")
    return Account.objects.get(user=alice)


def test_an_operator_sets_the_limits_of_a_market(client: Client) -> None:
    market = make_draft()
    open_market(market.pk)
    client.force_login(make_dave())
    path = f"/admin/markets/market/{market.pk}/do/limits/"
    assert "largest order" in client.get(path).content.decode()
    assert client.post(path, {**SENT, "price_band": "0.2"}).status_code == 302
    market.refresh_from_db()
    kept = (market.max_open_orders, market.max_order_lots, market.max_position_lots, market.price_band)
    assert kept == (50, 10_000_000, 25_005_000, 2_000)
    assert AuditRecord.objects.get(action="markets.limits_changed").reason == "Thin market."
    assert 'value="2500.5"' in client.get(path).content.decode()
    client.post(path, {"reason": "Back to normal."})
    market.refresh_from_db()
    assert (market.max_open_orders, market.price_band) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_order_size": "many"},
        {"max_order_size": "0"},
        {"max_position": "-1"},
        {"max_position": "9" * 25},
        {"max_open_orders": "-1"},
        {"max_open_orders": "10000001"},
        {"price_band": "1.1"},
        {"price_band": "0.00001"},
        {"reason": ""},
    ],
)
def test_wrong_limits_change_nothing(client: Client, wrong: dict[str, Any]) -> None:
    market = make_draft()
    open_market(market.pk)
    client.force_login(make_dave())
    answer = client.post(f"/admin/markets/market/{market.pk}/do/limits/", {**SENT, **wrong})
    assert answer.status_code == 422
    market.refresh_from_db()
    assert (market.max_open_orders, market.max_order_lots) == (None, None)
    assert AuditRecord.objects.count() == 0


def test_an_operator_sets_the_limits_of_a_trader(client: Client, wallet: Account) -> None:
    client.force_login(make_dave())
    path = f"/admin/trading/account/{wallet.pk}/do/limits/"
    assert client.post(path, SENT).status_code == 302
    row = TraderLimit.objects.get()
    assert (row.pk, row.max_open_orders, row.max_order_lots, row.max_position_lots) == (
        wallet.user_id,
        50,
        10_000_000,
        25_005_000,
    )
    assert "alice" in client.get("/admin/trading/traderlimit/").content.decode()
    assert client.get(f"/admin/trading/traderlimit/{row.pk}/change/").status_code == 200
    assert client.post(path, {"reason": "She asked."}).status_code == 302
    assert TraderLimit.objects.count() == 0
    reasons = list(AuditRecord.objects.order_by("id").values_list("reason", flat=True))
    assert reasons == ["Thin market.", "She asked."]


def test_only_operators_set_limits(client: Client, wallet: Account) -> None:
    market = make_draft()
    for reader in (make_alice(), make_carol(), make_user("ana", roles=(Role.ANALYST,))):
        client.force_login(reader)
        for path in (f"/admin/markets/market/{market.pk}", f"/admin/trading/account/{wallet.pk}"):
            assert client.post(f"{path}/do/limits/", SENT).status_code in (302, 403)
    assert TraderLimit.objects.count() == 0
    assert AuditRecord.objects.count() == 0
