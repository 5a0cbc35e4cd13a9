"""Draft a new market with its outcomes, head and first journal record."""

import secrets

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from accounts.selectors.people import has_permission
from common import clock
from common.bus import publish_on_commit
from markets.engine.drafting import CHALLENGE_WINDOW_S_MIN, checked
from markets.errors import ActionNotAllowed, MarketInvalid, SlugTaken
from markets.events import MarketCreated
from markets.models import Market, MarketHead, Outcome, Topic
from markets.services import journal
from markets.services._answer_source import store_source
from markets.services._committee import store_seats
from markets.services._draft import COLUMNS, created_data, outcome_rows, scale_columns
from markets.types import EventKind, MarketSpec


def create_market(*, creator_id: int, spec: MarketSpec) -> Market:
    """Store a draft; it can be traded once it is opened.

    A data source of its answer is asked once it has closed.

    Raises:    ActionNotAllowed, MarketInvalid, SlugTaken
    Publishes: MarketCreated
    """
    if not has_permission(creator_id, "markets.add_market"):
        raise ActionNotAllowed("Your role doesn't let you make markets. Ask staff for the role of a market maker.")
    now = clock.now()
    clean = checked(spec, now, window_s_min=_window_s_min(creator_id, spec))
    with transaction.atomic():
        topic = Topic.objects.filter(slug=clean.topic).first()
        if topic is None:
            raise MarketInvalid(f"There is no topic {clean.topic!r}.", field="/topic")
        market = _stored(clean, topic, creator_id)
        Outcome.objects.bulk_create(outcome_rows(market, clean))
        store_source(market, clean)
        store_seats(market, clean)
        MarketHead.objects.create(market=market)
        journal.record(market.pk, EventKind.CREATED, at=now, actor_id=creator_id, data=created_data(clean))
        publish_on_commit(MarketCreated(market.pk, 1))
    return market


def _window_s_min(creator_id: int, spec: MarketSpec) -> int:
    """Operators answer for what they do, and an imported market is over already."""
    is_free = bool(spec.source) or has_permission(creator_id, "markets.operate_market")
    return 0 if is_free else CHALLENGE_WINDOW_S_MIN


def _stored(spec: MarketSpec, topic: Topic, creator_id: int) -> Market:
    slug = _free_slug(spec)
    try:
        with transaction.atomic():
            return Market.objects.create(
                slug=slug,
                kind=spec.kind.value,
                topic=topic,
                creator_id=creator_id,
                tags=list(spec.tags),
                **{name: getattr(spec, name) for name in COLUMNS},
                **scale_columns(spec),
            )
    except IntegrityError as problem:
        if not Market.objects.filter(slug=slug).exists():
            raise
        # It was free a moment ago, and somebody else was faster.
        raise SlugTaken(f"The address {slug} is taken. Choose another slug.", field="/slug") from problem


def _free_slug(spec: MarketSpec) -> str:
    wanted = spec.slug or slugify(spec.question)[:100].strip("-") or "market"
    if not Market.objects.filter(slug=wanted).exists():
        return wanted
    if spec.slug:
        raise SlugTaken(f"The address {wanted} is taken. Choose another slug.", field="/slug")
    return f"{wanted}-{secrets.token_hex(3)}"
