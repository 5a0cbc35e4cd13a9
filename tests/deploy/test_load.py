"""The load that anybody can send: each kind of caller is answered by a running product, and a report is left.

Why        The commands are those of docs/observability.md; fewer callers come, for less time.
"""

import csv
from pathlib import Path

import pytest

from scripts.guides import block
from tests.deploy.conftest import Product

pytestmark = pytest.mark.prometheus
_MARKET = """
from datetime import timedelta
from accounts.services.create_user import create_user
from accounts.types import Role
from common import clock
from markets.services.create_market import create_market
from markets.services.provide_topic import provide_topic
from markets.types import MarketSpec
from trading.services.open_market import open_market
user = create_user(handle="lena", email="lena@example.org", password=None, roles=(Role.OPERATOR,))
provide_topic(name="Load")
for number in range(3):
    spec = MarketSpec(question=f"Will it hold, part {number}?", rules="Yes if it does.", topic="load",
                      closes_at=clock.now() + timedelta(days=30), liquidity_lots=20_000_000)
    open_market(create_market(creator_id=user.pk, spec=spec).pk)
print("done")
"""
#: What each kind does that no other does.
SIGNS = {
    "reader": "GET /markets/SLUG",
    "trader": "GET /api/v1/account",
    "bot": "accept /ws/v1/stream",
    "dashboard": "GET /api/v1/intelligent-alerting/summary",
}


def test_every_kind_of_caller_is_answered_and_a_report_is_left(product: Product, tmp_path: Path) -> None:
    product.run(_MARKET)
    text = block("docs/observability.md", "python -m scripts.load.people")
    for ours, theirs in {
        " 40 >": " 8 >", "USERS=60 TIME=60s": f"USERS=24 TIME=20s OUT={tmp_path}", "keys.json": f"{tmp_path}/keys.json",
        "https://market.example.org": product.url,
    }.items():  # fmt: skip
        assert ours in text
        text = text.replace(ours, theirs)
    product.command(text)
    with (tmp_path / "report_stats.csv").open() as file:
        rows = {row["Name"]: row for row in csv.DictReader(file)}
    assert {kind for kind, name in SIGNS.items() if int(rows[name]["Request Count"]) > 0} == set(SIGNS)
    assert int(rows["POST /api/v1/orders"]["Request Count"]) > 0
    assert {name for name, row in rows.items() if int(row["Failure Count"])} == set()
    assert "<html" in (tmp_path / "report.html").read_text()[:500].lower()
