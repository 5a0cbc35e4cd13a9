"""Rows as the write path leaves them, for tests of what only reads."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from accounts.models import User
from markets.models import Market, MarketEvent, MarketHead, Outcome, Topic
from trading.models import MarketBook, Order, Submission, Trade

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
CLOSES_AT = datetime(2031, 1, 1, tzinfo=UTC)
_ids = count(1)


def row_user(name: str = "", **fields: Any) -> User:
    return User.objects.create(username=name or f"user{next(_ids)}", **fields)


def row_topic(name: str = "Science") -> Topic:
    return Topic.objects.get_or_create(name=name, slug=name.lower())[0]


def row_market(
    question: str = "Will it rain?", *, outcomes: tuple[str, ...] = (), topic: str = "Science", **fields: Any
) -> Market:
    """An open market with its head, outcomes and book row; ``prices`` and ``volume*`` go to the book."""
    book = {name: fields.pop(name) for name in ("prices", "volume", "volume_24h", "maker_quantities") if name in fields}
    names = outcomes or ("Yes", "No")
    fields = {
        "slug": f"market-{next(_ids)}",
        "rules": "The weather service decides.",
        "kind": "categorical" if outcomes else "binary",
        "status": "open",
        "closes_at": CLOSES_AT,
    } | fields
    if "creator" not in fields:
        fields["creator"] = row_user()
    market = Market.objects.create(question=question, topic=row_topic(topic), **fields)
    MarketHead.objects.create(market=market)
    Outcome.objects.bulk_create(
        Outcome(market=market, index=i, slug=name.lower(), name=name) for i, name in enumerate(names)
    )
    MarketBook.objects.create(market=market, **({"prices": [1_000_000 // len(names)] * len(names)} | book))
    return market


def row_order(market: Market, user: User, **fields: Any) -> Order:
    """A resting buy of 10 shares of outcome 0 at 0.62, with its submission."""
    order_id = fields.pop("id", next(_ids))
    fields = {
        "client_order_id": f"c-{order_id}",
        "outcome": 0,
        "side": "buy",
        "type": "limit",
        "time_in_force": "gtc",
        "price": 6_200,
        "quantity": 100_000,
        "self_trade_policy": "cancel_newest",
        "status": "open",
        "seq": 1,
        "created_at": NOW,
        "updated_at": NOW,
    } | fields
    order = Order.objects.create(id=order_id, market=market, user=user, **fields)
    Submission.objects.create(
        user=user,
        client_order_id=order.client_order_id,
        request_digest=b"",
        status=201,
        answer=f'{{"id": {order_id}}}',
        created_at=NOW,
    )
    return order


def row_trade(market: Market, taker: Order, maker: Order | None = None, **fields: Any) -> Trade:
    """10 shares of outcome 0 at 0.62 with the maker rule, or with ``maker``."""
    fields = {
        "seq": next(_ids),
        "line": 0,
        "kind": "transfer" if maker else "rule",
        "outcome": 0,
        "taker_side": "buy",
        "price": 6_200,
        "quantity": 100_000,
        "cost": 620_000_000,
        "taker_fee": 0,
        "maker_fee": 0,
        "probability": 620_000,
        "created_at": NOW,
    } | fields
    return Trade.objects.create(
        market=market,
        taker_order_id=taker.id,
        taker_id=taker.user_id,
        maker_order_id=maker and maker.id,
        maker_id=maker and maker.user_id,
        **fields,
    )


def row_event(market: Market, kind: str = "order_placed", **data: Any) -> MarketEvent:
    head = MarketHead.objects.get(market=market)
    head.seq += 1
    head.save(update_fields=["seq"])
    return MarketEvent.objects.create(market=market, seq=head.seq, kind=kind, at=NOW, data=data)
