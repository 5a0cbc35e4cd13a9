"""One attempt to execute a batch: lock, read, run the engine, lock the accounts, write."""

from collections.abc import Sequence
from typing import Any, Final

from common.arrays import integers, texts
from markets.selectors import trading_terms
from markets.services import journal
from trading import locks
from trading.engine.state import MarketState
from trading.services import _writes
from trading.services._market_cache import CachedMarket
from trading.services._market_state import current_state, send_records_after
from trading.services._pipeline import Pipeline
from trading.services._results import Results
from trading.services._rows import PARTY_OF_KIND, Balance, parties_of
from trading.services._run_commands import FirstAnswer, Key, Outcome, StaleFunds, key_of, run_commands
from trading.services.answer import Answer
from trading.types import CancelOrder, Command, Effects, PlaceOrder

_FIRST_ANSWERS: Final = """
SELECT s.user_id, s.client_order_id, s.request_digest, s.status, s.answer
FROM unnest(%s::bigint[], %s::text[]) AS k (user_id, client_order_id)
JOIN trading_submission s ON s.user_id = k.user_id AND s.client_order_id = k.client_order_id
"""
_OLD_ORDERS: Final = "SELECT id, client_order_id, created_at FROM trading_order WHERE id = ANY (%s::bigint[])"
_ORDER_IDS: Final = "SELECT nextval('trading_order_ids') FROM generate_series(1, %s::int)"
_ROW_IDS: Final = """
SELECT ARRAY(SELECT nextval('trading_trade_id_seq') FROM generate_series(1, %s::int)),
       ARRAY(SELECT nextval('trading_ledgertransfer_id_seq') FROM generate_series(1, %s::int))
"""


class Batch:
    """Lives for one transaction, inside a pipeline."""

    def __init__(self, pipe: Pipeline, entry: CachedMarket, commands: Sequence[Command], *, is_system: bool) -> None:
        self.pipe = pipe
        self.entry = entry
        self.commands = commands
        self.is_system = is_system
        self.seq = 0
        self.is_changed = False

    def run(self) -> list[Answer]:
        """Decide everything and send the writes; the caller commits."""
        self.pipe.send(_writes.KEEP_TO_INDEXES)
        # Later statements of the pipeline run once the lock is there, each with a snapshot of its own.
        head = self.pipe.cursor()
        journal.send_lock(head, self.entry.market_id)
        head_seq, terms, wallets, outcomes, state = self._decide(head)
        old_orders = self._old_orders(outcomes)
        balances, trade_ids, transfer_ids = self._lock_accounts([o.effects for o in outcomes if o.effects is not None])
        _check_funds(outcomes, wallets, balances)
        assert self.entry.rules is not None
        results = Results(self.entry, terms.now, head_seq, balances, iter(trade_ids), iter(transfer_ids), old_orders)
        answers = results.answers_to(outcomes)
        results.write(self.pipe, state)
        self.seq = results.seq
        self.is_changed = results.seq > head_seq
        return answers

    def _decide(
        self, head: Any
    ) -> tuple[int, trading_terms.TradingTerms, dict[int, tuple[int, int]], list[Outcome], MarketState]:
        pipe = self.pipe
        terms_cursor = pipe.cursor()
        trading_terms.send_terms(terms_cursor, self.entry.market_id)
        wallets = pipe.send(locks.READ_WALLETS, [integers(list({c.user_id for c in self.commands}))])
        keys = [key for key in map(key_of, self.commands) if key is not None]
        users, names = [key[0] for key in keys], [key[1] for key in keys]
        first = pipe.send(_FIRST_ANSWERS, [integers(users), texts(names)]) if keys else None
        placed = sum(isinstance(c, PlaceOrder) for c in self.commands)
        ids = pipe.send(_ORDER_IDS, [placed])
        records = send_records_after(pipe, self.entry)
        head_seq = journal.locked_seq(head, self.entry.market_id)
        terms = trading_terms.terms_of(terms_cursor)
        known = {user_id: (cash, held) for user_id, cash, held in wallets.fetchall()}
        first_answers = _first_answers(first)
        order_ids = [row[0] for row in ids.fetchall()]
        state = current_state(pipe, self.entry, terms, records=records, seq=head_seq, is_system=self.is_system)
        outcomes = run_commands(
            state,
            self.commands,
            first_answers=first_answers,
            order_ids=order_ids,
            funds={user_id: cash - held for user_id, (cash, held) in known.items()},
            now=terms.now,
        )
        return head_seq, terms, known, outcomes, state

    def _old_orders(self, outcomes: list[Outcome]) -> Any:
        """Ask for what a cancelled order's answer says and the state doesn't know."""
        ids = [o.command.order_id for o in outcomes if o.effects is not None and isinstance(o.command, CancelOrder)]
        return self.pipe.send(_OLD_ORDERS, [integers(ids)]) if ids else None

    def _lock_accounts(self, effects: list[Effects]) -> tuple[dict[int, Balance], list[int], list[int]]:
        if not effects:
            return {}, [], []
        parties = {e.command.user_id for e in effects}.union(*map(parties_of, effects))
        users = [party for party in parties if party > 0]
        markets = [self.entry.market_id] if len(users) < len(parties) else []
        rows = self.pipe.send(locks.LOCK_ACCOUNTS, [integers(users), integers(markets)])
        transfers = sum(any(e.cash.values()) for e in effects)
        ids = self.pipe.send(_ROW_IDS, [sum(len(e.fills) for e in effects), transfers])
        balances = {
            user_id if user_id is not None else PARTY_OF_KIND[kind]: Balance(account_id, cash, held)
            for account_id, user_id, kind, cash, held in rows.fetchall()
        }
        reserved = ids.fetchone()
        assert reserved is not None
        trade_ids, transfer_ids = reserved
        return balances, trade_ids, transfer_ids


def _first_answers(cursor: Any) -> dict[Key, FirstAnswer]:
    if cursor is None:
        return {}
    return {
        (user_id, key): FirstAnswer(bytes(digest), Answer(status, body, is_replay=True))
        for user_id, key, digest, status, body in cursor.fetchall()
    }


def _check_funds(outcomes: list[Outcome], wallets: dict[int, tuple[int, int]], balances: dict[int, Balance]) -> None:
    """The engine must have decided with what the locked rows say, or with less that made no difference."""
    for user_id in {o.command.user_id for o in outcomes if o.effects is not None}:
        cash, held = wallets.get(user_id, (0, 0))
        balance = balances[user_id]
        if (balance.cash, balance.held) == (cash, held):
            continue
        was_short = any(
            o.refusal is not None and o.refusal.code == "order.insufficient_funds" and o.command.user_id == user_id
            for o in outcomes
        )
        if was_short or balance.cash - balance.held < cash - held:
            raise StaleFunds
