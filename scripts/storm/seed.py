"""The traders and markets of a storm; runs inside Django: `python -m scripts.storm.seed`."""

import json
import os
from datetime import timedelta
from typing import Any, Final

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")
django.setup()

from accounts.services.create_api_key import create_api_key  # noqa: E402  Django has to be set up first
from accounts.services.create_user import create_user  # noqa: E402
from accounts.types import Role  # noqa: E402
from common import clock  # noqa: E402
from markets.services.create_market import create_market  # noqa: E402
from markets.services.provide_topic import provide_topic  # noqa: E402
from markets.types import MarketKind, MarketSpec  # noqa: E402
from trading.services.open_account import open_account  # noqa: E402
from trading.services.open_market import open_market  # noqa: E402

MARKETS: Final = 20
TRADERS: Final = 40
LIQUIDITY_LOTS: Final = 2_000_000


def seed() -> dict[str, Any]:
    provide_topic(name="Storm")
    operator = create_user(handle="dave", email="dave@example.org", password=None, roles=(Role.TRADER, Role.OPERATOR))
    key = create_api_key(user_id=operator.pk, name="storm", scopes=["read", "trade", "market", "operate"])
    traders = []
    for number in range(TRADERS):
        user = create_user(
            handle=f"storm{number}", email=f"storm{number}@example.org", password=None, roles=(Role.TRADER,)
        )
        open_account(user.pk)
        secret = create_api_key(user_id=user.pk, name="storm", scopes=["read", "trade"]).secret
        traders.append({"user_id": user.pk, "secret": secret})
    markets = dict(_market(operator.pk, number) for number in range(MARKETS))
    return {"operator": {"user_id": operator.pk, "secret": key.secret}, "traders": traders, "markets": markets}


def _market(creator_id: int, number: int) -> tuple[int, list[str]]:
    """Most are binary with a maker rule and fees; every fifth has three outcomes, every seventh no maker rule."""
    is_categorical = number % 5 == 4
    spec = MarketSpec(
        question=f"Will storm number {number} pass?",
        rules="Yes if it does.",
        topic="storm",
        closes_at=clock.now() + timedelta(days=30),
        kind=MarketKind.CATEGORICAL if is_categorical else MarketKind.BINARY,
        outcomes=("Ann", "Ben", "Cem") if is_categorical else (),
        liquidity_lots=0 if number % 7 == 6 else LIQUIDITY_LOTS,
        taker_fee_bps=200 if number % 2 else 0,
        maker_fee_bps=50 if number % 4 == 3 else 0,
        challenge_window_s=0,
    )
    market = create_market(creator_id=creator_id, spec=spec)
    open_market(market.pk)
    return market.pk, list(market.outcomes.order_by("index").values_list("slug", flat=True))


if __name__ == "__main__":
    print(json.dumps(seed()))
