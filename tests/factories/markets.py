"""Markets in every status, made by the services."""

from datetime import timedelta
from itertools import count
from typing import Any

from accounts.models import User
from common import clock
from markets.models import Market, Topic
from markets.services.close_market import close_market
from markets.services.confirm_resolution import confirm_resolution
from markets.services.create_market import create_market
from markets.services.open_market import open_market
from markets.services.propose_resolution import propose_resolution
from markets.types import MarketKind, MarketSpec
from tests.factories.accounts import make_dave

_numbers = count(1)


def make_topic(slug: str = "science") -> Topic:
    return Topic.objects.get_or_create(slug=slug, defaults={"name": slug.capitalize()})[0]


def make_spec(**fields: Any) -> MarketSpec:
    """A spec that is right; ``fields`` replace parts of it."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "question": f"Will it rain in Lisbon on day {number}?",
        "rules": "Yes if the weather service reports rain.",
        "topic": "science",
        "closes_at": clock.now() + timedelta(days=7),
        **fields,
    }
    return MarketSpec(**given)


def make_draft(*, creator: User | None = None, **fields: Any) -> Market:
    spec = make_spec(**fields)
    make_topic(spec.topic)
    return create_market(creator_id=(creator or make_dave()).pk, spec=spec)


def make_categorical_draft(outcomes: tuple[str, ...] = ("Ann", "Ben", "Cem"), **fields: Any) -> Market:
    return make_draft(kind=MarketKind.CATEGORICAL, outcomes=outcomes, **fields)


def make_market(**fields: Any) -> Market:
    """An open market without maker rule money; ``trading`` funds one."""
    market = make_draft(**fields)
    open_market(market_id=market.pk, actor_id=None)
    market.refresh_from_db()
    return market


def make_closed_market(**fields: Any) -> Market:
    market = make_market(**fields)
    close_market(market_id=market.pk, actor_id=None)
    market.refresh_from_db()
    return market


def make_proposed_market(payouts: tuple[int, ...] = (10_000, 0), **fields: Any) -> Market:
    market = make_closed_market(**fields)
    propose_resolution(market_id=market.pk, actor_id=None, payouts=payouts, reason="The weather service says so.")
    market.refresh_from_db()
    return market


def make_resolved_market(payouts: tuple[int, ...] = (10_000, 0), **fields: Any) -> Market:
    market = make_proposed_market(payouts, challenge_window_s=0, **fields)
    confirm_resolution(market_id=market.pk, actor_id=None)
    market.refresh_from_db()
    return market
