"""Change what a market will be, as long as it is a draft."""

from typing import Final

from django.db import transaction

from accounts.selectors.people import has_permission
from common import clock
from markets.engine.drafting import CHALLENGE_WINDOW_S_MIN, checked
from markets.errors import ActionNotAllowed, MarketInvalid, SlugTaken, WrongStatus
from markets.locks import lock_head
from markets.models import Market, Outcome, Topic
from markets.services import journal
from markets.services._answer_source import store_source
from markets.services._committee import store_seats
from markets.services._draft import COLUMNS, created_data, outcome_rows, scale_columns
from markets.types import EventKind, MarketSpec, MarketStatus

_EDITED: Final = (*COLUMNS, "slug", "kind", "topic", "tags", "bounds", "unit", "is_open_below", "is_open_above")


def edit_draft(*, market_id: int, actor_id: int, spec: MarketSpec) -> int:
    """Replace everything that ``spec`` says, outcomes included; an empty slug keeps the present one.

    Returns: the ``seq`` of the journal record
    Raises:  MarketNotFound, WrongStatus, ActionNotAllowed, MarketInvalid, SlugTaken
    """
    now = clock.now()
    with transaction.atomic():
        seq = lock_head(None, market_id) + 1
        market = Market.objects.select_for_update().get(pk=market_id)
        _check_may_edit(market, actor_id)
        clean = checked(spec, now, window_s_min=_window_s_min(market, actor_id))
        _fill(market, clean)
        market.save(update_fields=_EDITED)
        Outcome.objects.filter(market=market).delete()
        Outcome.objects.bulk_create(outcome_rows(market, clean))
        store_source(market, clean)
        store_seats(market, clean)
        journal.record(market_id, EventKind.EDITED, at=now, actor_id=actor_id, data=created_data(clean))
    return seq


def _check_may_edit(market: Market, actor_id: int) -> None:
    if market.status != MarketStatus.DRAFT:
        raise WrongStatus("Only a draft can be edited.", extra={"market_status": market.status})
    if market.creator_id != actor_id and not has_permission(actor_id, "markets.change_market"):
        raise ActionNotAllowed("Only its creator or staff may edit a draft.")


def _window_s_min(market: Market, actor_id: int) -> int:
    """What an operator has chosen may stay, but only an operator makes it shorter."""
    is_free = bool(market.source) or has_permission(actor_id, "markets.operate_market")
    return 0 if is_free else min(CHALLENGE_WINDOW_S_MIN, market.challenge_window_s)


def _fill(market: Market, spec: MarketSpec) -> None:
    topic = Topic.objects.filter(slug=spec.topic).first()
    if topic is None:
        raise MarketInvalid(f"There is no topic {spec.topic!r}.", field="/topic")
    if spec.slug and Market.objects.filter(slug=spec.slug).exclude(pk=market.pk).exists():
        raise SlugTaken(f"The address {spec.slug} is taken. Choose another slug.", field="/slug")
    market.slug = spec.slug or market.slug
    market.kind, market.topic, market.tags = spec.kind.value, topic, list(spec.tags)
    for name in COLUMNS:
        setattr(market, name, getattr(spec, name))
    for name, value in scale_columns(spec).items():
        setattr(market, name, value)
