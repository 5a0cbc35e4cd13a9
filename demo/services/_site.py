"""The public HTTP API as a simulated trader uses it: nothing here reaches behind it."""

from typing import Any, Final
from uuid import uuid4

import httpx

from common.money import format_price, format_quantity
from demo.engine.exact import price_ticks, quantity_lots
from demo.errors import KeyRefused, RequestRefused, SiteAway
from demo.types import Scene, Wish

_TIMEOUT_S: Final = 10.0
_AWAY_S: Final = 1.0
Document = dict[str, Any]


class Site:
    """Calls raise ``SiteAway``, ``KeyRefused`` or ``RequestRefused``."""

    def __init__(self, url: str, transport: httpx.BaseTransport | None = None) -> None:
        # Proxies of the environment are for the world outside.
        base = f"{url.rstrip('/')}/api/v1/"
        self._client = httpx.Client(base_url=base, timeout=_TIMEOUT_S, trust_env=False, transport=transport)

    def close(self) -> None:
        self._client.close()

    def market(self, slug: str) -> Document:
        return self._call("GET", f"markets/{slug}")

    def positions(self, key: str, market_id: int) -> list[Document]:
        items: list[Document] = self._call("GET", f"positions?market_id={market_id}", key)["items"]
        return items

    def open_order_ids(self, key: str, market_id: int) -> tuple[int, ...]:
        items = self._call("GET", f"orders?status=open&market_id={market_id}", key)["items"]
        return tuple(item["id"] for item in items)

    def cancel(self, key: str, order_id: int) -> Document:
        return self._call("DELETE", f"orders/{order_id}", key)

    def place(self, key: str, scene: Scene, wish: Wish) -> Document:
        return self._call("POST", "orders", key, order_body(scene, wish))

    def merge(self, key: str, market_id: int, sets: int) -> Document:
        return self._call("POST", f"markets/{market_id}/sets", key, {"action": "merge", "quantity": str(sets)})

    def _call(self, method: str, path: str, key: str = "", body: Document | None = None) -> Document:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        try:
            response = self._client.request(method, path, headers=headers, json=body)
            document: Document = response.json()
        except (httpx.HTTPError, ValueError) as error:
            raise SiteAway(_AWAY_S) from error
        _check(response.status_code, document)
        return document


def order_body(scene: Scene, wish: Wish) -> Document:
    price = price_ticks(wish)
    body: Document = {
        "market_id": scene.market_id,
        "outcome": scene.outcomes[wish.outcome],
        "side": "buy" if wish.is_buy else "sell",
        "type": "market" if price is None else "limit",
        "quantity": format_quantity(quantity_lots(wish)),
        "time_in_force": "gtc" if wish.rests else "ioc",
        "client_order_id": f"sim-{uuid4().hex}",
    }
    if price is not None:
        body["price"] = format_price(price)
    if wish.rests:
        body["post_only"] = True
    return body


def _check(status: int, document: Document) -> None:
    if status < 400:
        return
    if status == 401:
        raise KeyRefused
    if status == 429 or status >= 500:
        raise SiteAway(float(document.get("retry_after") or _AWAY_S))
    raise RequestRefused(str(document.get("code", status)))
