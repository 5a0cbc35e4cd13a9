"""Whatever is sent to POST /orders, the answer is an order or a problem, and no credit is lost."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Sum
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from accounts.services import limits
from accounts.types import Limit
from common.api.access import gate
from markets.models import Market
from tests.trading.api.conftest import Api
from trading.models import Account

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)
DECIMAL = st.decimals(allow_nan=False, allow_infinity=False, min_value=-2, max_value=10**7, places=4).map("{:f}".format)
PRICE = st.integers(-1, 10_001).map(lambda ticks: f"{ticks / 10_000:.4f}")


def _mostly(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(*[strategy] * 9, ANYTHING)


def orders(market_id: int) -> st.SearchStrategy[dict[str, Any]]:
    required = {
        "market_id": _mostly(st.just(market_id)),
        "outcome": _mostly(st.sampled_from(["yes", "no"])),
        "side": _mostly(st.sampled_from(["buy", "sell"])),
    }
    optional = {
        "type": _mostly(st.sampled_from(["limit", "market"])),
        "price": _mostly(PRICE),
        "quantity": _mostly(DECIMAL),
        "max_cost": _mostly(DECIMAL),
        "time_in_force": _mostly(st.sampled_from(["gtc", "ioc", "fok"])),
        "post_only": _mostly(st.booleans()),
        "self_trade_policy": _mostly(st.sampled_from(["cancel_newest", "cancel_oldest"])),
        "valid_until": _mostly(st.datetimes().map(lambda at: f"{at.isoformat()}Z")),
        "client_order_id": _mostly(st.text(max_size=10)),
        "dry_run": _mostly(st.booleans()),
    }
    return st.fixed_dictionaries(required, optional=optional)


def _total() -> int:
    total: int = Account.objects.aggregate(total=Sum("cash"))["total"]
    return total


@effort(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_orders_of_any_shape(data: st.DataObject, alice: Api, market: Market) -> None:
    answer = alice.post("/orders", _encodable(data.draw(orders(market.pk))))
    assert answer.status_code < 500, answer.content
    if answer.status_code < 300:
        assert answer.json()["status"] in ("open", "filled", "cancelled")
    else:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"]
    assert _total() == 0


@effort(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | ANYTHING.map(lambda value: _encodable(value)))
def test_bodies_of_any_kind(body: Any, alice: Api, market: Market) -> None:
    answer = alice.post("/orders", body)
    assert 400 <= answer.status_code < 500, answer.content


@effort(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(["q", "limit", "cursor", "sort", "status", "tag", "topic", "x"]),
        st.text(max_size=12),
        max_size=3,
    )
)
def test_lists_of_any_query(query: dict[str, str], alice: Api, market: Market) -> None:
    pairs = "&".join(f"{name}={_quoted(value)}" for name, value in query.items())
    answer = alice.get(f"/markets?{pairs}")
    assert answer.status_code in (200, 400, 422), answer.content


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def _encodable(value: Any) -> bytes:
    """JSON as a careless client writes it, half characters included."""
    return json.dumps(value).encode()


@pytest.fixture(autouse=True)
def _many_requests(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(limits, "SEARCH", Limit("search-of-anything", 10**6, 10))
    settings.API_LIMITS = dict.fromkeys(settings.API_LIMITS, (10**6, 10))
    gate.cache_clear()
    yield
    gate.cache_clear()
