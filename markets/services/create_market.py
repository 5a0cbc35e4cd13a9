"""Draft a new market with its outcomes, head and first journal record."""

import secrets

from django.db import transaction
from django.utils.text import slugify

from accounts.selectors.people import has_permission
from common import clock
from common.bus import publish_on_commit
from markets.engine.drafting import checked
from markets.errors import ActionNotAllowed, MarketInvalid, SlugTaken
from markets.events import MarketCreated
from markets.models import Market, MarketHead, Outcome, Topic
from markets.services import journal
from markets.types import EventKind, MarketKind, MarketSpec

#: Fields of the spec that are columns of the market as they are.
_COLUMNS = (
    "question",
    "rules",
    "description",
    "resolution_source",
    "closes_at",
    "event_group",
    "source",
    "source_id",
    "liquidity_lots",
    "taker_fee_bps",
    "maker_fee_bps",
    "tick",
    "lot",
    "challenge_window_s",
)


def create_market(*, creator_id: int, spec: MarketSpec) -> Market:
    """Store a draft; it can be traded once it is opened.

    Raises:    ActionNotAllowed, MarketInvalid, SlugTaken
    Publishes: MarketCreated
    """
    if not has_permission(creator_id, "markets.add_market"):
        raise ActionNotAllowed("Your role doesn't let you make markets. Ask staff for the role of a market maker.")
    now = clock.now()
    clean = checked(spec, now)
    with transaction.atomic():
        topic = Topic.objects.filter(slug=clean.topic).first()
        if topic is None:
            raise MarketInvalid(f"There is no topic {clean.topic!r}.", field="/topic")
        market = Market.objects.create(
            slug=_free_slug(clean),
            kind=clean.kind.value,
            topic=topic,
            creator_id=creator_id,
            tags=list(clean.tags),
            **{name: getattr(clean, name) for name in _COLUMNS},
        )
        Outcome.objects.bulk_create(_outcomes(market, clean))
        MarketHead.objects.create(market=market)
        data = {"question": clean.question, "kind": clean.kind.value, "outcomes": list(clean.outcomes)}
        journal.record(market.pk, EventKind.CREATED, at=now, actor_id=creator_id, data=data)
        publish_on_commit(MarketCreated(market.pk, 1))
    return market


def _free_slug(spec: MarketSpec) -> str:
    wanted = spec.slug or slugify(spec.question)[:100].strip("-") or "market"
    if not Market.objects.filter(slug=wanted).exists():
        return wanted
    if spec.slug:
        raise SlugTaken(f"The address {wanted} is taken. Choose another slug.", field="/slug")
    return f"{wanted}-{secrets.token_hex(3)}"


def _outcomes(market: Market, spec: MarketSpec) -> list[Outcome]:
    slugs = ["yes", "no"] if spec.kind is MarketKind.BINARY else _distinct_slugs(spec.outcomes)
    return [
        Outcome(market=market, index=index, slug=slug, name=name)
        for index, (slug, name) in enumerate(zip(slugs, spec.outcomes, strict=True))
    ]


def _distinct_slugs(names: tuple[str, ...]) -> list[str]:
    slugs: list[str] = []
    for index, name in enumerate(names):
        slug = slugify(name)[:50].strip("-") or "outcome"
        slugs.append(slug if slug not in slugs else f"{slug}--{index}")
    return slugs
