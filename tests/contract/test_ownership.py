"""What belongs to one person doesn't exist for another: 404, and nothing of it changes."""

from typing import Any

import pytest

from accounts.types import Role
from tests.contract.personas import Persona
from tests.factories.accounts import make_user
from tests.factories.markets import make_draft
from tests.trading.api.conftest import api_of
from trading.services.open_account import open_account
from trading.services.open_market import open_market

pytestmark = pytest.mark.django_db
SCOPES = ("read", "trade", "report")
LAYOUT = [{"series": ["cpu_usage"], "kind": "line", "title": "Machine", "width": 2}]
#: How the owner makes it, where its number is, and everything that can be asked of it, reads last.
OWNED: dict[str, tuple[str, dict[str, Any], list[tuple[str, str, dict[str, Any] | None]]]] = {
    "order": (
        "/orders",
        {"outcome": "yes", "side": "buy", "type": "limit", "price": "0.01", "quantity": "1"},
        [("PATCH", "/orders/{id}", {"price": "0.02"}), ("DELETE", "/orders/{id}", None),
         ("GET", "/orders/{id}/queue", None), ("GET", "/orders/{id}", None)],
    ),
    "order group": (
        "/order-groups", {"limit": "10", "window_s": 60},
        [("POST", "/order-groups/{id}/reset", {}), ("DELETE", "/order-groups/{id}", None),
         ("GET", "/order-groups/{id}", None)],
    ),
    "job": ("/ledger/export", {}, [("POST", "/jobs/{id}/cancel", {}), ("GET", "/jobs/{id}/result", None),
                                   ("GET", "/jobs/{id}", None)]),
    "webhook": (
        "/webhooks", {"url": "https://example.org/hook", "events": ["order.filled"]},
        [("PATCH", "/webhooks/{id}", {"description": "taken"}), ("POST", "/webhooks/{id}/rotate-secret", {}),
         ("POST", "/webhooks/{id}/test", {}), ("POST", "/webhooks/{id}/replay", {"what": "failed"}),
         ("GET", "/webhooks/{id}/deliveries", None), ("DELETE", "/webhooks/{id}", None),
         ("GET", "/webhooks/{id}", None)],
    ),
    "dashboard": (
        "/advanced-dashboard/dashboards", {"name": "Mine", "layout": LAYOUT},
        [("POST", "/advanced-dashboard/dashboards/{id}/share", {}),
         ("PUT", "/advanced-dashboard/dashboards/{id}", {"name": "Taken", "layout": LAYOUT}),
         ("DELETE", "/advanced-dashboard/dashboards/{id}", None), ("GET", "/advanced-dashboard/dashboards/{id}", None)],
    ),
}  # fmt: skip


@pytest.fixture
def people() -> tuple[Any, Any]:
    draft = make_draft(slug="rain", question="Will it rain?", liquidity_lots=10_000_000)
    open_market(draft.pk)
    found = []
    for name in ("owner", "other"):
        user = make_user(name, roles=(Role.TRADER, Role.ANALYST))
        open_account(user.pk)
        found.append((api_of(user, *SCOPES), draft.pk))
    return found[0], found[1][0]


@pytest.mark.parametrize("what", OWNED)
def test_what_is_anothers_is_not_there(what: str, people: tuple[Any, Any]) -> None:
    (owner, market_id), other = people
    path, body, requests = OWNED[what]
    made = owner.post(path, body | ({"market_id": market_id} if what == "order" else {}))
    assert made.status_code in (201, 202), made.content
    document = made.json()
    number = document.get("id") or document["order"]["id"]
    mine = requests[-1][1].format(id=number)
    before = owner.get(mine).content
    for method, asked, sent in requests:
        answer = other.send(method, asked.format(id=number), sent)
        assert answer.status_code == 404, (method, asked, answer.content)
    after = owner.get(mine)
    assert (after.status_code, after.content) == (200, before)


def test_sessions_of_others_find_no_pages_of_mine(people: tuple[Any, Any]) -> None:
    (owner, _), other = people
    job = owner.post("/ledger/export", {}).json()["id"]
    stranger = Persona("other", other.user)
    assert stranger.ask("GET", f"/jobs/{job}/result").status_code == 404
    assert stranger.ask("POST", f"/jobs/{job}/cancel").status_code == 404
    assert owner.get(f"/jobs/{job}").json()["status"] == "PENDING"
