"""What a client does next: half of it on one hot market, by every trader.

Mix        Of a hundred requests about 50 place a limit order that rests, 14 one that trades at once or not at all, 5 a
           market order, 5 a batch of ten, 14 cancel, 4 make or unmake sets, 6 repeat a known order, 2 use a known key
           for another order.
"""

import random
from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from scripts.storm.wire import Request

#: Orders that a client remembers, to cancel or repeat them.
REMEMBERED: Final = 400
BATCH_ITEMS: Final = 10
_HOT_SHARE: Final = 0.5
_MIX: Final = {
    "rest": 50, "trade": 14, "market": 5, "batch": 5, "cancel": 14, "mint": 3, "merge": 1, "repeat": 6, "reuse": 2,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trader:
    user_id: int
    secret: str


@dataclass(slots=True)
class Act:
    """A request and what is noted of it; ``again`` names the command that it repeats."""

    what: str
    trader: Trader
    request: Request
    facts: dict[str, Any] = field(default_factory=dict)
    again: str = ""


class Traffic:
    """``markets`` by id with the slugs of their outcomes, the hot one first."""

    def __init__(self, traders: list[Trader], markets: dict[int, list[str]], seed: int) -> None:
        self.traders, self.markets = traders, markets
        self.chance = random.Random(seed)
        self._market_ids = list(markets)
        #: (trader, order id), and (name of the command, trader, body) of orders that were acknowledged.
        self._open: deque[tuple[Trader, int]] = deque(maxlen=REMEMBERED)
        self._known: deque[tuple[str, Trader, dict[str, Any]]] = deque(maxlen=REMEMBERED)

    def next(self) -> Act:
        what = self.chance.choices(list(_MIX), list(_MIX.values()))[0]
        trader = self.chance.choice(self.traders)
        if what == "batch":
            items = [self._order(self.chance.choice(("rest", "rest", "trade"))) for _ in range(BATCH_ITEMS)]
            return Act(what, trader, Request("POST", "/api/v1/orders/batch", trader.secret, {"items": items}))
        if what == "cancel" and self._open:
            return self._cancel()
        if what in ("mint", "merge"):
            return self._sets(what, trader)
        if what in ("repeat", "reuse") and self._known:
            return self._repeat(what)
        kind = what if what in ("rest", "trade", "market") else "rest"
        return Act("place", trader, Request("POST", "/api/v1/orders", trader.secret, self._order(kind)))

    def remember(self, name: str, act: Act, document: dict[str, Any]) -> None:
        """An order that was acknowledged."""
        if document["status"] == "open":
            self._open.append((act.trader, document["id"]))
        if self.chance.random() < 0.2 and act.request.body is not None:
            self._known.append((name, act.trader, act.request.body))

    def _market(self) -> int:
        if self.chance.random() < _HOT_SHARE:
            return self._market_ids[0]
        return self.chance.choice(self._market_ids[1:])

    def _order(self, kind: str) -> dict[str, Any]:
        chance, market_id = self.chance, self._market()
        outcome = chance.choice(self.markets[market_id])
        document: dict[str, Any] = {
            "market_id": market_id, "outcome": outcome, "side": "buy" if chance.random() < 0.75 else "sell",
            "type": "limit", "quantity": f"{chance.randint(1, 50) / 10:.4f}", "client_order_id": uuid4().hex,
        }  # fmt: skip
        middle = 10_000 // len(self.markets[market_id])
        is_buy = document["side"] == "buy"
        if kind == "market":
            return document | {"type": "market"}
        if kind == "rest":
            away = chance.randint(20, middle // 2)
            price = middle - away if is_buy else middle + away
            return document | {"price": f"{price / 10_000:.4f}", "time_in_force": "gtc"}
        over = chance.randint(0, middle // 4)
        price = middle + over if is_buy else middle - over
        return document | {
            "price": f"{price / 10_000:.4f}",
            "time_in_force": chance.choice(("ioc", "ioc", "gtc", "fok")),
        }

    def _cancel(self) -> Act:
        place = self.chance.randrange(len(self._open))
        trader, order_id = self._open[place]
        del self._open[place]
        request = Request("DELETE", f"/api/v1/orders/{order_id}", trader.secret)
        return Act("cancel", trader, request, {"order_id": order_id})

    def _sets(self, what: str, trader: Trader) -> Act:
        market_id, key = self._market(), uuid4().hex
        body = {"action": what, "quantity": str(self.chance.randint(1, 20))}
        request = Request("POST", f"/api/v1/markets/{market_id}/sets", trader.secret, body, key)
        return Act(what, trader, request, {"market_id": market_id, "key": key})

    def _repeat(self, what: str) -> Act:
        name, trader, body = self.chance.choice(self._known)
        if what == "repeat":
            return Act("place", trader, Request("POST", "/api/v1/orders", trader.secret, body), again=name)
        other = body | {"quantity": f"{float(body['quantity']) + 1:.4f}"}
        return Act("reuse", trader, Request("POST", "/api/v1/orders", trader.secret, other))
