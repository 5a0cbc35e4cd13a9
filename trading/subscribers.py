"""Reactions to facts, each a nudge that a sweep repeats if it is lost."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.dispatch import receiver

from accounts.events import UserSignedIn, UserSignedUp
from common.bus import subscribe
from common.caching.tags import invalidate_tags
from markets.events import (
    MarketChanged,
    MarketClosed,
    MarketHalted,
    MarketLimitsChanged,
    MarketOpened,
    MarketReopened,
    MarketResolved,
    MarketResumed,
    MarketVoided,
    ResolutionDisputed,
    ResolutionProposed,
    StaffCalled,
    VoteCast,
)
from markets.types import MARKET_LISTS
from trading import tasks
from trading.events import GroupTripped, JournalAdvanced
from trading.realtime.nudge import nudge
from trading.selectors.market_pulse import note_seq
from trading.services.compact_answers import compact_answers_of_new_site
from trading.services.open_account import open_account
from trading.services.traces import trace_of_record


@subscribe(UserSignedUp)
def open_account_of_newcomer(event: UserSignedUp) -> None:
    open_account(event.user_id)


@subscribe(UserSignedIn)
def open_account_that_is_missing(event: UserSignedIn) -> None:
    # The fact of a sign-up may have been lost, and `createsuperuser` tells nobody.
    open_account(event.user_id)


@receiver(post_migrate, dispatch_uid="trading.compact_answers_of_new_site")
def begin_with_compact_answers(sender: AppConfig, **kwargs: Any) -> None:
    # Part of the migrations may have run only, without this app's.
    if sender.label == "trading" and "submission" in (kwargs.get("apps") or apps).all_models["trading"]:
        compact_answers_of_new_site()


@subscribe(JournalAdvanced)
def note_newest_seq(event: JournalAdvanced) -> None:
    # First, so that whoever is told next reads what was committed.
    note_seq(event.market_id, event.seq)


@subscribe(JournalAdvanced)
def nudge_streams(event: JournalAdvanced) -> None:
    nudge(event.market_id, event.seq, event.traces)


def nudge_streams_of_change(event: MarketChanged) -> None:
    nudge(event.market_id, event.seq, trace_of_record(event.seq))


def drop_lists_of_markets(event: MarketChanged) -> None:
    invalidate_tags(MARKET_LISTS)


for _change in (
    MarketOpened,
    MarketHalted,
    MarketResumed,
    MarketLimitsChanged,
    MarketClosed,
    ResolutionProposed,
    ResolutionDisputed,
    MarketResolved,
    MarketVoided,
    MarketReopened,
    StaffCalled,
    VoteCast,
):
    subscribe(_change)(drop_lists_of_markets)
    subscribe(_change)(nudge_streams_of_change)


@subscribe(MarketClosed)
def cancel_orders_of_closed(event: MarketClosed) -> None:
    tasks.cancel_open_orders.apply_async((event.market_id,), retry=False)


@subscribe(GroupTripped)
def cancel_left_of_group(event: GroupTripped) -> None:
    tasks.cancel_tripped_group.apply_async((event.group_id,), retry=False)


@subscribe(MarketResolved)
def settle_resolved(event: MarketResolved) -> None:
    tasks.settle.apply_async((event.market_id,), retry=False)


@subscribe(MarketVoided)
def refund_voided(event: MarketVoided) -> None:
    tasks.settle.apply_async((event.market_id,), retry=False)
