"""From outcomes to answers and rows, in the order of the batch, and then to the tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

import orjson

from common.clock import rfc3339
from markets.services import journal
from markets.types import EventKind, JournalRecord, MarketKind
from trading.engine.journal import to_record
from trading.engine.state import MarketState
from trading.services import _rows, _writes
from trading.services._documents import OrderFacts, Setting, order_text, problem_text, sets_text
from trading.services._market_cache import CachedMarket
from trading.services._pipeline import Pipeline
from trading.services._rows import Balance, Rows
from trading.services._run_commands import Outcome, key_of
from trading.services.answer import Answer
from trading.types import CancelOrder, Effects, MergeSets, MintSets, PlaceOrder

_EVENT_KINDS: Final = {
    PlaceOrder: EventKind.ORDER_PLACED,
    CancelOrder: EventKind.ORDER_CANCELLED,
    MintSets: EventKind.SETS_MINTED,
    MergeSets: EventKind.SETS_MERGED,
}


class Results:
    """Collects rows while answers are made; ``seq`` is that of the newest record so far."""

    def __init__(
        self,
        entry: CachedMarket,
        now: datetime,
        seq: int,
        balances: Mapping[int, Balance],
        ids: Any,
        old_orders: Any,
    ) -> None:
        assert entry.rules is not None
        self.entry = entry
        self.now = now
        self.seq = seq
        self.balances = balances
        trade_ids, transfer_ids = ids.fetchone() if ids is not None else ((), ())
        self.trade_ids, self.transfer_ids = iter(trade_ids), iter(transfer_ids)
        self.old_orders: dict[int, tuple[str, datetime]] = (
            {} if old_orders is None else {row[0]: row[1:] for row in old_orders.fetchall()}
        )
        self.is_binary = entry.rules.kind is MarketKind.BINARY
        self.setting = Setting(entry.market_id, entry.rules.outcomes, self.is_binary, rfc3339(now))
        self.rows = Rows()
        self.records: list[JournalRecord] = []
        self.submissions: list[tuple[Any, ...]] = []

    def answers_to(self, outcomes: Sequence[Outcome]) -> list[Answer]:
        answers: list[Answer] = []
        for outcome in outcomes:
            if outcome.twin_of is not None:
                answer = answers[outcome.twin_of].replayed()
            else:
                answer = outcome.first or self._new_answer(outcome)
            answers.append(answer)
            key = key_of(outcome.command)
            if key is not None and outcome.is_new:
                assert isinstance(outcome.command, PlaceOrder)
                self.submissions.append((*key, outcome.command.request_digest, answer.status, answer.body))
        return answers

    def _new_answer(self, outcome: Outcome) -> Answer:
        if outcome.effects is not None:
            return self._accepted(outcome.effects)
        assert outcome.refusal is not None
        status, body = problem_text(outcome.refusal)
        return Answer(status, body, refusal=outcome.refusal)

    def _accepted(self, effects: Effects) -> Answer:
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
        _rows.add_candles(self.rows, effects, self.entry.prices, is_binary=self.is_binary)
        self.entry.prices = effects.prices
        self.entry.traders.update([user_id for user_id, _ in effects.shares if user_id > 0])
        command = effects.command
        text = orjson.dumps(to_record(effects)).decode()
        self.records.append(JournalRecord(_EVENT_KINDS[type(command)], self.now, command.user_id, text))
        status = 200 if isinstance(command, CancelOrder) else 201
        return Answer(status, self._text_of(effects, trade_ids), effects=effects, seq=self.seq)

    def _text_of(self, effects: Effects, trade_ids: list[int]) -> str:
        command = effects.command
        balance = self.balances[command.user_id]
        if isinstance(command, MintSets | MergeSets):
            return sets_text(self.setting, command, seq=self.seq, cash=balance.cash, held=balance.held)
        view = next(view for view in effects.orders if view.order_id == command.order_id)
        if isinstance(command, PlaceOrder):
            facts = OrderFacts(command.client_order_id or f"order-{view.order_id}", self.setting.at, self.seq)
        else:
            key, created_at = self.old_orders[view.order_id]
            facts = OrderFacts(key, rfc3339(created_at), self.seq)
        return order_text(self.setting, view, facts, effects, trade_ids, cash=balance.cash, held=balance.held)

    def write(self, pipe: Pipeline, state: MarketState) -> None:
        """Send every statement; errors show when the pipeline ends, before the commit."""
        market_id, now, rows = self.entry.market_id, self.now, self.rows
        _writes.insert_submissions(pipe, now, self.submissions)
        if not self.records:
            return
        journal.append(pipe.cursor(), market_id, self.records)
        _writes.insert_orders(pipe, market_id, now, _rows.order_rows(rows))
        _writes.update_orders(pipe, now, _rows.old_order_rows(rows))
        _writes.insert_trades(pipe, market_id, now, rows.trades)
        _writes.insert_transfers(pipe, market_id, now, transfers=rows.transfers, entries=rows.entries)
        _writes.update_accounts(pipe, _rows.account_rows(rows))
        _writes.upsert_positions(pipe, market_id, now, _rows.position_rows(rows, state))
        _writes.upsert_candles(pipe, market_id, now, [(key, *candle) for key, candle in rows.candles.items()])
        _writes.update_book(
            pipe, market_id, now, seq=self.seq, maker_quantities=state.maker_quantities, prices=self.entry.prices,
            volume=rows.volume, trades=len(rows.trades), traders=len(self.entry.traders),
        )  # fmt: skip
