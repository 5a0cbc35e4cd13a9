"""A market on the wire: alice and bob have credits, keys and a market whose maker rule answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from django.test import Client

from accounts.models import User
from accounts.services.create_api_key import create_api_key
from markets.models import Market
from tests.factories.accounts import make_alice, make_bob, make_carol, make_dave
from tests.factories.markets import make_draft
from trading.api.caches import forget_answers
from trading.models import Account, LedgerEntry, Order, Position, Submission, Trade
from trading.selectors.books import forget_books
from trading.selectors.market_pulse import forget_seqs
from trading.selectors.outcomes import forget_outcomes
from trading.services.open_account import open_account
from trading.services.open_market import open_market


@dataclass
class Api:
    """A client that speaks JSON with one key."""

    user: User
    secret: str

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        data = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        given = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        return Client().generic(
            method, f"/api/v1{path}", data, content_type="application/json", headers={**given, **headers}
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any = None) -> Any:
        return self.send("PUT", path, body or {})

    def delete(self, path: str) -> Any:
        return self.send("DELETE", path)


def api_of(user: User, *scopes: str) -> Api:
    return Api(user, create_api_key(user_id=user.pk, name="-".join(scopes), scopes=scopes).secret)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    for forget in (forget_answers, forget_books, forget_outcomes, forget_seqs):
        forget()


@pytest.fixture
def alice(db: None) -> Api:
    user = make_alice()
    open_account(user.pk)
    return api_of(user, "read", "trade")


@pytest.fixture
def bob(db: None) -> Api:
    user = make_bob()
    open_account(user.pk)
    return api_of(user, "read", "trade")


@pytest.fixture
def carol(db: None) -> Api:
    return api_of(make_carol(), "read", "trade")


@pytest.fixture
def dave(db: None) -> Api:
    return api_of(make_dave(), "read", "trade", "market", "operate", "report")


@pytest.fixture
def anonymous() -> Api:
    return Api(User(), "")


@pytest.fixture
def market(db: None) -> Market:
    """Yes or no, with a maker rule of b = 1,000 shares."""
    draft = make_draft(slug="rain", question="Will it rain?", liquidity_lots=10_000_000)
    open_market(draft.pk)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def bookless(db: None) -> Market:
    """A market without maker rule, so that orders rest where they are put."""
    draft = make_draft(slug="book", question="Only a book?")
    open_market(draft.pk)
    draft.refresh_from_db()
    return draft


@pytest.fixture
def order(market: Market) -> dict[str, Any]:
    return {"market_id": market.pk, "outcome": "yes", "side": "buy", "price": "0.62", "quantity": "10"}


def everything() -> list[Any]:
    """All that an order could change, to compare before and after a refusal."""
    return [
        list(Account.objects.order_by("id").values_list("id", "cash", "held")),
        list(Order.objects.order_by("id").values_list("id", "status", "filled")),
        list(Position.objects.order_by("id").values_list("id", "quantity", "held")),
        Trade.objects.count(),
        LedgerEntry.objects.count(),
        list(Market.objects.order_by("id").values_list("id", "status", "head__seq")),
    ]


@pytest.fixture
def unchanged() -> Callable[[], None]:
    """Call it at the end: nothing has changed since the fixture was set up."""
    before = everything(), Submission.objects.count()

    def check() -> None:
        assert everything() == before[0]

    return check
