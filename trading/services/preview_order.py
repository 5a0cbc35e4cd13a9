"""What an order would do now, without doing it."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction

from common.arrays import integers
from common.clock import rfc3339
from markets.selectors import trading_terms
from markets.services import journal
from markets.types import MarketKind
from trading import locks
from trading.engine.apply import apply
from trading.engine.risk import refuse_order
from trading.engine.state import MarketState
from trading.engine.tied import STOPS
from trading.selectors.order_groups import access_group
from trading.services._documents import preview_text, problem_text
from trading.services._excerpt import excerpt
from trading.services._groups import refuse_group
from trading.services._load_apart import load_apart
from trading.services._market_cache import CachedMarket, cached_market
from trading.services._market_state import bring_forward, load_state, send_records_after
from trading.services._order_answers import OrderFacts, Setting
from trading.services._order_terms import TRADER_LIMITS, order_terms
from trading.services._pipeline import pipeline
from trading.services.answer import Answer
from trading.types import Effects, PlaceOrder, Refusal

#: Larger than any id that a sequence will give.
_ORDER_ID: Final = 2**62


def preview_order(command: PlaceOrder) -> Answer:
    """The exact answer that the order would get at the market's present ``seq``; nothing is changed or stored.

    The document has no ``id`` and adds ``prices``: the probability of each outcome after the order.

    Raises: MarketNotFound, MarketNotOpen (a draft)
    """
    entry = cached_market(command.spec.market_id)
    with entry.lock:
        state, terms, cash, held = current_state(entry, command.user_id)
        command = replace(command, order_id=_ORDER_ID)
        # The checks that need no match pass come first, because the excerpt runs one.
        result: Effects | Refusal | None = _refuse(state, command, terms.now)
        if result is None:
            small = excerpt(state, command)
            result = apply(small, command, {command.user_id: cash - held}, terms.now)
    if isinstance(result, Refusal):
        status, body = problem_text(result)
        return Answer(status, body, refusal=result)
    assert entry.rules is not None
    setting = Setting(entry.market_id, entry.rules.outcomes, entry.rules.kind is MarketKind.BINARY, rfc3339(terms.now))
    view = next(view for view in result.orders if view.order_id == _ORDER_ID)
    user_id = command.user_id
    body = preview_text(
        setting,
        view,
        OrderFacts(command.client_order_id, setting.at, small.seq),
        result,
        cash=cash + result.cash.get(user_id, 0),
        held=held + result.held.get(user_id, 0),
    )
    return Answer(200, body, effects=result, seq=small.seq)


def _refuse(state: MarketState, command: PlaceOrder, now: datetime) -> Refusal | None:
    spec = command.spec
    if spec.ties is not None and spec.ties.group_id is not None:
        group = access_group(command.user_id, spec.ties.group_id)
        is_blown = group is None or group.tripped_at is not None
        if (refusal := refuse_group(spec.ties.group_id, group is not None, is_blown)) is not None:
            return refusal
    return None if spec.type in STOPS else refuse_order(state, command.user_id, spec, now)


def current_state(entry: CachedMarket, user_id: int) -> tuple[MarketState, trading_terms.TradingTerms, int, int]:
    """Whatever has been committed by now; without a lock, because nothing will be written."""
    if entry.state is None:
        _load(entry)
    with pipeline() as pipe:
        terms_cursor = pipe.cursor()
        trading_terms.send_terms(terms_cursor, entry.market_id)
        records = send_records_after(pipe, entry)
        wallet = pipe.send(locks.READ_WALLETS, [integers([user_id])])
        limits = pipe.send("SELECT " + TRADER_LIMITS, [integers([user_id])])
        terms = trading_terms.terms_of(terms_cursor)
        state = entry.state
        assert state is not None
        is_current = bring_forward(entry, state, records)
        _, cash, held = wallet.fetchone() or (user_id, 0, 0)
        (trader_limits,) = limits.fetchone()
    if not is_current:
        state = _load(entry)
    state.is_open, state.is_cancel_allowed = terms.is_open, terms.is_cancel_allowed
    state.terms = order_terms(terms, trader_limits)
    return state, terms, cash, held


def _load(entry: CachedMarket) -> MarketState:
    """Read the tables at one moment: a snapshot's, or inside a transaction under the market's lock."""
    load_apart(entry)
    if entry.state is not None:
        return entry.state
    with transaction.atomic(), pipeline() as pipe:
        seq = journal.lock_head(pipe.cursor(), entry.market_id)
        return load_state(pipe, entry, seq)
