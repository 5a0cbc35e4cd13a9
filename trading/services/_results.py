"""From outcomes to rows, journal records and answers, in the order of the batch.

Contract   ``write`` only sends, rows first: records and answers are made while PostgreSQL works on them, and what the
           answers tell is written from them while it commits. Errors show when the pipeline ends.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final, NamedTuple

import orjson

from common.clock import rfc3339
from markets.services import journal
from markets.types import EventKind, JournalRecord, MarketKind
from trading.engine.journal import to_record
from trading.engine.state import MarketState
from trading.services import _rows, _writes
from trading.services._documents import pair_text, problem_text, sets_text
from trading.services._maker_documents import maker_text
from trading.services._market_cache import CachedMarket
from trading.services._order_answers import OrderFacts, Setting, document_text, fill_values, kept_text, order_values
from trading.services._pipeline import Pipeline
from trading.services._rows import Balance, Rows
from trading.services._run_commands import Outcome, key_of
from trading.services.answer import Answer
from trading.types import (
    AddLiquidity,
    AmendOrder,
    CancelOrder,
    ConvertNo,
    Effects,
    MergeSets,
    MintSets,
    OrderView,
    PlaceOrder,
    PlacePair,
    WithdrawLiquidity,
)

_EVENT_KINDS: Final = {
    PlaceOrder: EventKind.ORDER_PLACED,
    PlacePair: EventKind.PAIR_PLACED,
    CancelOrder: EventKind.ORDER_CANCELLED,
    AmendOrder: EventKind.ORDER_AMENDED,
    MintSets: EventKind.SETS_MINTED,
    MergeSets: EventKind.SETS_MERGED,
    ConvertNo: EventKind.NO_CONVERTED,
    AddLiquidity: EventKind.LIQUIDITY_ADDED,
    WithdrawLiquidity: EventKind.LIQUIDITY_WITHDRAWN,
}


#: The client order id and the moment of each cancelled or amended order, by its id.
OldOrders = Mapping[int, tuple[str, datetime]]


#: Of a cancel that nobody sent.
_UNSENT: Final = Answer(200, "")


class RowIds(NamedTuple):
    """Ids to use up, ascending within the market."""

    trades: Sequence[int]
    transfers: Sequence[int]

    def are_enough(self, effects: Sequence[Effects]) -> bool:
        trades, transfers = row_counts(effects)
        return trades <= len(self.trades) and transfers <= len(self.transfers)


class _Accepted(NamedTuple):
    """An accepted command with its place in the journal; ``cash`` and ``held`` are the trader's after it."""

    effects: Effects
    seq: int
    trade_ids: list[int]
    cash: int
    held: int


class Results:
    """What a batch leaves behind; ``seq`` is that of its newest record."""

    def __init__(
        self,
        entry: CachedMarket,
        now: datetime,
        seq: int,
        balances: Mapping[int, Balance],
        row_ids: RowIds,
        old_orders: OldOrders,
        *,
        is_compact: bool,
    ) -> None:
        assert entry.rules is not None
        self.entry = entry
        self.now = now
        self.seq = seq
        self.balances = balances
        self.trade_ids, self.transfer_ids = iter(row_ids.trades), iter(row_ids.transfers)
        self.old_orders = old_orders
        self.is_compact = is_compact
        self.is_binary = entry.rules.kind is MarketKind.BINARY
        self.setting = Setting(entry.market_id, entry.rules.outcomes, self.is_binary, rfc3339(now))
        self.rows = Rows()

    def write(self, pipe: Pipeline, state: MarketState, outcomes: Sequence[Outcome]) -> list[Answer]:
        """Send everything that the outcomes change; the answers, as they are kept."""
        accepted = [self._accepted(o.effects) if o.effects is not None else None for o in outcomes]
        changes = [one for one in accepted if one is not None]
        if changes:
            self._write_rows(pipe, state)
            pipe.push()
            journal.append(pipe.cursor(), self.entry.market_id, list(map(self._record, changes)))
        answers = self._answers(outcomes, accepted)
        _writes.insert_submissions(pipe, self.now.isoformat(), _submissions(outcomes, answers))
        return answers

    def _accepted(self, effects: Effects) -> _Accepted:
        self.seq += 1
        trade_ids = list(islice(self.trade_ids, len(effects.fills)))
        _rows.add_effects(
            self.rows,
            effects,
            seq=self.seq,
            is_binary=self.is_binary,
            balances=self.balances,
            trade_ids=trade_ids,
            transfer_ids=self.transfer_ids,
        )
        entry = self.entry
        _rows.add_candles(self.rows, effects, entry.prices, is_binary=self.is_binary)
        entry.prices = effects.prices
        if effects.shares:
            entry.traders.update([user_id for user_id, _ in effects.shares if user_id > 0])
        balance = self.balances[effects.command.user_id]
        return _Accepted(effects, self.seq, trade_ids, balance.cash, balance.held)

    def _write_rows(self, pipe: Pipeline, state: MarketState) -> None:
        market_id, now, rows = self.entry.market_id, self.now.isoformat(), self.rows
        # First, because it locks the accounts: lines of the ledger that are numbered before could be overtaken by
        # those of a batch elsewhere that moves the same balance there and back.
        _writes.update_balances_and_book(
            pipe, market_id, now, accounts=_rows.account_rows(rows), seq=self.seq,
            maker_quantities=state.maker_quantities, prices=self.entry.prices, volume=rows.volume,
            trades=len(rows.trades), traders=len(self.entry.traders),
        )  # fmt: skip
        _writes.insert_orders(pipe, market_id, now, _rows.order_rows(rows))
        _writes.update_order_terms(pipe, rows.terms)
        _writes.update_order_ties(pipe, rows.ties)
        _writes.insert_trades(pipe, market_id, now, rows.trades)
        _writes.insert_transfers(pipe, market_id, now, transfers=rows.transfers, entries=rows.entries)
        _writes.update_orders(pipe, now, _rows.old_order_rows(rows))
        _writes.upsert_positions(pipe, market_id, now, _rows.position_rows(rows, state))
        _writes.upsert_provisions(pipe, market_id, now, _rows.provision_rows(rows, state), added=rows.added_liquidity)
        _writes.upsert_candles(pipe, market_id, now, [(key, *candle) for key, candle in rows.candles.items()])

    def _record(self, one: _Accepted) -> JournalRecord:
        command = one.effects.command
        text = orjson.dumps(to_record(one.effects)).decode()
        return JournalRecord(_EVENT_KINDS[type(command)], self.now, command.user_id, text)

    def _answers(self, outcomes: Sequence[Outcome], accepted: Sequence[_Accepted | None]) -> list[Answer]:
        answers: list[Answer] = []
        for outcome, one in zip(outcomes, accepted, strict=True):
            if one is not None:
                answers.append(self._answer(one) if outcome.is_own else _UNSENT)
            elif outcome.twin_of is not None:
                answers.append(answers[outcome.twin_of].replayed())
            else:
                answers.append(outcome.first or _refused(outcome))
        return answers

    def _answer(self, one: _Accepted) -> Answer:
        command = one.effects.command
        if isinstance(command, ConvertNo | AddLiquidity | WithdrawLiquidity):
            text = maker_text(self.setting, one.effects, seq=one.seq, cash=one.cash, held=one.held)
            return Answer(201, text, effects=one.effects, seq=one.seq)
        if isinstance(command, MintSets | MergeSets):
            text = sets_text(self.setting, command, seq=one.seq, cash=one.cash, held=one.held)
            return Answer(201, text, effects=one.effects, seq=one.seq)
        if isinstance(command, PlacePair):
            text = pair_text(self.setting, command, one.effects, seq=one.seq, cash=one.cash, held=one.held)
            return Answer(201, text, effects=one.effects, seq=one.seq)
        view = _view_of(one.effects.orders, command.order_id)
        if isinstance(command, PlaceOrder):
            facts = OrderFacts(command.client_order_id or f"order-{view.order_id}", self.setting.at, one.seq)
        else:
            key, created_at = self.old_orders[view.order_id]
            facts = OrderFacts(key, rfc3339(created_at), one.seq)
        fills = fill_values(self.setting, view, one.effects, one.trade_ids)
        write = kept_text if self.is_compact else document_text
        text = write(order_values(self.setting, view, facts), fills, cash=one.cash, held=one.held)
        status = 200 if isinstance(command, CancelOrder | AmendOrder) else 201
        return Answer(status, text, effects=one.effects, seq=one.seq)


def _view_of(views: Sequence[OrderView], order_id: int) -> OrderView:
    for view in views:
        if view.order_id == order_id:
            return view
    raise AssertionError("an accepted order has a view")


def row_counts(effects: Sequence[Effects]) -> tuple[int, int]:
    """How many trades and transfers the effects are."""
    return sum([len(e.fills) for e in effects]), sum([any(e.cash.values()) for e in effects])


def _refused(outcome: Outcome) -> Answer:
    assert outcome.refusal is not None
    status, body = problem_text(outcome.refusal)
    return Answer(status, body, refusal=outcome.refusal)


def _submissions(outcomes: Sequence[Outcome], answers: Sequence[Answer]) -> list[tuple[Any, ...]]:
    """Rows for the client order ids that this batch has spent."""
    rows: list[tuple[Any, ...]] = []
    for outcome, answer in zip(outcomes, answers, strict=True):
        command = outcome.command
        if outcome.is_new and key_of(command) is not None:
            assert not isinstance(command, CancelOrder)
            rows.append((command.user_id, command.client_order_id, command.request_digest, answer.status, answer.body))
    return rows
