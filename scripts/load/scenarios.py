"""Readers, traders, bots and dashboards against any address: `make load HOST=https://market.example.org KEYS=FILE`.

Keys are those that ``python -m scripts.load.people`` prints, run beside the site; without any only readers come.
What the site refuses counts as a failure, a limit that was reached (429) as well: raise ``API_READS`` and
``API_WRITES`` of the site, or come with more traders.
"""

import itertools
import json
import os
import random
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from locust import HttpUser, between, constant_pacing, events, task
from locust.exception import StopUser
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

_FILE: Final = os.environ.get("LOAD_KEYS", "")
_PEOPLE: Final[dict[str, list[str]]] = {"traders": [], "watchers": []}
if _FILE:
    with open(_FILE, encoding="utf-8") as given:
        _PEOPLE.update(json.load(given))
#: Each user has a key of their own for as long as there are enough.
_TRADERS: Final[Iterator[str]] = itertools.cycle(_PEOPLE["traders"])
_WATCHERS: Final[Iterator[str]] = itertools.cycle(_PEOPLE["watchers"])
_LOTS: Final = ("1", "2", "5", "10")
_HEARD_S: Final = 60


class _Caller(HttpUser):
    abstract = True

    def on_start(self) -> None:
        self.markets: list[dict[str, Any]] = self._ask("GET", "/markets?status=open&limit=50", "/markets").get(
            "items", []
        )
        if not self.markets:
            raise StopUser

    def _ask(self, method: str, path: str, name: str, **more: Any) -> Any:
        """The answer's document; Locust counts it by ``name``."""
        with self.client.request(
            method, f"/api/v1{path}", name=f"{method} /api/v1{name}", catch_response=True, **more
        ) as answer:
            if answer.status_code >= 400:
                answer.failure(f"{answer.status_code} {answer.text[:200]}")
                return {}
            return answer.json()

    def _market(self) -> dict[str, Any]:
        return random.choice(self.markets)

    def _sign_in(self, keys: Iterator[str]) -> None:
        self.client.headers["Authorization"] = f"Bearer {next(keys)}"


class Reader(_Caller):
    """Pages, as people look at them, and what the pages ask for."""

    weight = 6
    wait_time = between(0.5, 2.0)

    @task(3)
    def front_page(self) -> None:
        self.client.get("/", name="GET /")

    @task(4)
    def market_page(self) -> None:
        self.client.get(f"/markets/{self._market()['slug']}", name="GET /markets/SLUG")

    @task(3)
    def book_and_trades(self) -> None:
        market = self._market()["id"]
        self._ask("GET", f"/markets/{market}/book", "/markets/ID/book")
        self._ask("GET", f"/markets/{market}/trades?limit=50", "/markets/ID/trades")

    @task(1)
    def list_of_markets(self) -> None:
        self._ask("GET", "/markets?status=open&limit=20", "/markets")


class Trader(_Caller):
    """Looks, places an order, sees to those that rest, and takes some back."""

    weight = 3 if _PEOPLE["traders"] else 0
    wait_time = between(0.5, 1.5)

    def on_start(self) -> None:
        self._sign_in(_TRADERS)
        super().on_start()

    @task(4)
    def trade(self) -> None:
        market = self._market()
        outcome = random.choice(self._ask("GET", f"/markets/{market['id']}", "/markets/ID").get("outcomes") or [{}])
        if not outcome:
            return
        price = min(0.98, max(0.02, float(outcome["price"]) + random.uniform(-0.05, 0.03)))
        order = {
            "market_id": market["id"], "outcome": outcome["slug"], "side": "buy", "price": f"{price:.2f}",
            "quantity": random.choice(_LOTS), "client_order_id": f"load-{random.getrandbits(64):x}",
        }  # fmt: skip
        self._ask("POST", "/orders", "/orders", json=order)

    @task(2)
    def take_back(self) -> None:
        for order in self._ask("GET", "/orders?status=open&limit=5", "/orders").get("items", [])[:2]:
            # It may have been filled in the meantime, which is no failure.
            with self.client.delete(
                f"/api/v1/orders/{order['id']}", name="DELETE /api/v1/orders/ID", catch_response=True
            ) as answer:
                if answer.status_code in (404, 409):
                    answer.success()

    @task(1)
    def own_account(self) -> None:
        self._ask("GET", "/account", "/account")


class Bot(_Caller):
    """Hears the stream of its markets, and quotes both sides of one of them twice a second."""

    weight = 2 if _PEOPLE["traders"] else 0
    wait_time = constant_pacing(0.5)

    def on_start(self) -> None:
        self.key = next(_TRADERS)
        self.client.headers["Authorization"] = f"Bearer {self.key}"
        super().on_start()
        self.is_over = False
        self.listening = threading.Thread(target=self._listen, daemon=True)
        self.listening.start()

    def on_stop(self) -> None:
        self.is_over = True

    @task
    def quote(self) -> None:
        market = self._market()
        outcome = (self._ask("GET", f"/markets/{market['id']}", "/markets/ID").get("outcomes") or [{}])[0]
        if not outcome:
            return
        price = min(0.95, max(0.05, float(outcome["price"])))
        order = {
            "market_id": market["id"], "outcome": outcome["slug"], "side": "buy", "price": f"{price - 0.04:.2f}",
            "quantity": "1", "post_only": True, "client_order_id": f"bot-{random.getrandbits(64):x}",
        }  # fmt: skip
        placed = self._ask("POST", "/orders", "/orders", json=order)
        if "id" in placed:
            with self.client.delete(
                f"/api/v1/orders/{placed['id']}", name="DELETE /api/v1/orders/ID", catch_response=True
            ) as answer:
                if answer.status_code in (404, 409):
                    answer.success()

    def _listen(self) -> None:
        """One socket; what a frame took is the age of its ``ts`` by the clock here."""
        address = urlsplit(self.host)
        scheme = "wss" if address.scheme == "https" else "ws"
        url = f"{scheme}://{address.netloc}{address.path.rstrip('/')}/ws/v1/stream"
        began = time.perf_counter()
        try:
            with connect(url, additional_headers={"Authorization": f"Bearer {self.key}"}) as stream:
                _count("accept /ws/v1/stream", began)
                params = {"channels": ["book", "trades"], "markets": [one["id"] for one in self.markets[:20]]}
                stream.send(json.dumps({"id": 1, "cmd": "subscribe", "params": params}))
                while not self.is_over:
                    self._hear(json.loads(stream.recv(timeout=_HEARD_S)))
        except (ConnectionClosed, TimeoutError, OSError) as problem:
            if not self.is_over:
                _count("accept /ws/v1/stream", began, problem)

    def _hear(self, frame: Any) -> None:
        if frame.get("type") in ("book.delta", "trade"):
            age_s = max(0.0, time.time() - datetime.fromisoformat(frame["ts"]).timestamp())
            _count("hear /ws/v1/stream", time.perf_counter() - age_s)


class Dashboard(_Caller):
    """An analyst's screens: they ask again every few seconds for as long as they are open."""

    weight = 1 if _PEOPLE["watchers"] else 0
    wait_time = constant_pacing(5)

    def on_start(self) -> None:
        self._sign_in(_WATCHERS)
        super().on_start()

    @task
    def refresh(self) -> None:
        self._ask("GET", "/advanced-dashboard/dashboard/summary", "/advanced-dashboard/dashboard/summary")
        self._ask("GET", "/advanced-performance/metrics", "/advanced-performance/metrics")
        self._ask("GET", "/intelligent-alerting/summary", "/intelligent-alerting/summary")


def _count(name: str, began: float, problem: Exception | None = None) -> None:
    events.request.fire(
        request_type="WS",
        name=name,
        response_time=(time.perf_counter() - began) * 1e3,
        response_length=0,
        exception=problem,
        context={},
    )
