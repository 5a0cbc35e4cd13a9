"""One attempt to execute a batch: lock, read, run the engine, lock the accounts, write."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from common.arrays import integers, texts
from markets.selectors import trading_terms
from markets.services import journal
from trading import locks
from trading.engine.state import MarketState
from trading.services import _writes
from trading.services._market_cache import CachedMarket
from trading.services._market_state import current_state, send_records_after
from trading.services._pipeline import Pipeline
from trading.services._results import Results, record_texts
from trading.services._rows import PARTY_OF_KIND, Balance, parties_of
from trading.services._run_commands import FirstAnswer, Key, Outcome, StaleFunds, key_of, run_commands
from trading.services.answer import Answer
from trading.types import CancelOrder, Command, Effects, PlaceOrder

#: New order ids; user id, cash and held of each wallet, one after the other; the first answers to known keys.
#: One statement, since each costs a single order as much as what it reads.
_READ: Final = """
SELECT ARRAY(SELECT nextval('trading_order_ids') FROM generate_series(1, %s::int)),
    ARRAY(SELECT unnest(ARRAY[user_id, cash, held]) FROM trading_account WHERE user_id = ANY (%s::bigint[])),
    (SELECT json_agg(json_build_array(
         s.user_id, s.client_order_id, encode(s.request_digest, 'hex'), s.status, s.answer))
     FROM unnest(%s::bigint[], %s::text[]) AS k (user_id, client_order_id)
     JOIN trading_submission s ON s.user_id = k.user_id AND s.client_order_id = k.client_order_id)::text
"""
_OLD_ORDERS: Final = "SELECT id, client_order_id, created_at FROM trading_order WHERE id = ANY (%s::bigint[])"
_ROW_IDS: Final = """
SELECT ARRAY(SELECT nextval('trading_trade_id_seq') FROM generate_series(1, %s::int)),
       ARRAY(SELECT nextval('trading_ledgertransfer_id_seq') FROM generate_series(1, %s::int))
"""
Wallets = dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found under the market's lock; ``wallets`` (cash, held) aren't locked yet."""

    seq: int
    terms: trading_terms.TradingTerms
    wallets: Wallets
    first_answers: dict[Key, FirstAnswer]
    order_ids: list[int]


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
        reading, state = self._read()
        outcomes = self._decide(reading, state, reading.wallets)
        accounts = self._send_locks(_effects_of(outcomes))
        ids, old_orders = self._send_ids(_effects_of(outcomes)), self._send_old_orders(outcomes)
        self.pipe.ask()
        records = record_texts(outcomes)
        balances = _balances(accounts)
        if not _are_funds_as_read(outcomes, reading.wallets, balances):
            state, outcomes = self._decide_again(reading, balances)
            ids, old_orders = self._send_ids(_effects_of(outcomes)), self._send_old_orders(outcomes)
            records = record_texts(outcomes)
        results = Results(self.entry, reading.terms.now, reading.seq, balances, ids, old_orders)
        answers = results.write(self.pipe, state, outcomes, records)
        self.seq = results.seq
        self.is_changed = results.seq > reading.seq
        return answers

    def _read(self) -> tuple[Reading, MarketState]:
        """Lock the market and read in one round trip; each statement has a snapshot of its own, after the lock."""
        pipe, market_id = self.pipe, self.entry.market_id
        pipe.send(_writes.KEEP_TO_INDEXES)
        head, terms_cursor = pipe.cursor(), pipe.cursor()
        journal.send_lock(head, market_id)
        trading_terms.send_terms(terms_cursor, market_id)
        read = self._send_read()
        records = send_records_after(pipe, self.entry)
        seq = journal.locked_seq(head, market_id)
        terms = trading_terms.terms_of(terms_cursor)
        order_ids, wallets, first = read.fetchone()
        reading = Reading(seq, terms, _wallets(wallets), _first_answers(first), order_ids)
        return reading, self._state(reading, records)

    def _send_read(self) -> Any:
        keys = [key for key in map(key_of, self.commands) if key is not None]
        placed = sum(isinstance(c, PlaceOrder) for c in self.commands)
        takers = list({c.user_id for c in self.commands})
        users, names = [key[0] for key in keys], [key[1] for key in keys]
        return self.pipe.send(_READ, [placed, integers(takers), integers(users), texts(names)])

    def _state(self, reading: Reading, records: Any) -> MarketState:
        return current_state(
            self.pipe, self.entry, reading.terms, records=records, seq=reading.seq, is_system=self.is_system
        )

    def _decide(self, reading: Reading, state: MarketState, wallets: Wallets) -> list[Outcome]:
        return run_commands(
            state,
            self.commands,
            first_answers=reading.first_answers,
            order_ids=reading.order_ids,
            funds={user_id: cash - held for user_id, (cash, held) in wallets.items()},
            now=reading.terms.now,
        )

    def _decide_again(self, reading: Reading, balances: dict[int, Balance]) -> tuple[MarketState, list[Outcome]]:
        """Run the engine with what the locked accounts have, on a state read anew, since the first one moved on."""
        self.entry.forget()
        state = self._state(reading, None)
        locked = {user_id: (b.cash, b.held) for user_id, b in balances.items() if user_id > 0}
        outcomes = self._decide(reading, state, reading.wallets | locked)
        if not _parties_of(_effects_of(outcomes)) <= balances.keys():
            # Locking more accounts now would be out of order.
            raise StaleFunds
        return state, outcomes

    def _send_locks(self, effects: list[Effects]) -> Any:
        parties = _parties_of(effects)
        if not parties:
            return None
        users = [party for party in parties if party > 0]
        markets = [self.entry.market_id] if len(users) < len(parties) else []
        return self.pipe.send(locks.LOCK_ACCOUNTS, [integers(users), integers(markets)])

    def _send_ids(self, effects: list[Effects]) -> Any:
        """Ask for ids of trades and transfers, ascending within the market since its lock is held."""
        trades, transfers = sum(len(e.fills) for e in effects), sum(any(e.cash.values()) for e in effects)
        return self.pipe.send(_ROW_IDS, [trades, transfers]) if trades or transfers else None

    def _send_old_orders(self, outcomes: list[Outcome]) -> Any:
        """Ask for what a cancelled order's answer says and the state doesn't know."""
        ids = [o.command.order_id for o in outcomes if o.effects is not None and isinstance(o.command, CancelOrder)]
        return self.pipe.send(_OLD_ORDERS, [integers(ids)]) if ids else None


def _effects_of(outcomes: list[Outcome]) -> list[Effects]:
    return [outcome.effects for outcome in outcomes if outcome.effects is not None]


def _parties_of(effects: Iterable[Effects]) -> set[int]:
    parties: set[int] = set()
    for e in effects:
        parties.add(e.command.user_id)
        parties |= parties_of(e)
    return parties


def _balances(cursor: Any) -> dict[int, Balance]:
    if cursor is None:
        return {}
    return {
        user_id if user_id is not None else PARTY_OF_KIND[kind]: Balance(account_id, cash, held)
        for account_id, user_id, kind, cash, held in cursor.fetchall()
    }


def _wallets(flat: Sequence[int]) -> Wallets:
    """From user id, cash, held, user id, cash, held ..."""
    numbers = iter(flat)
    return {user_id: (cash, held) for user_id, cash, held in zip(numbers, numbers, numbers, strict=True)}


def _first_answers(text: str | None) -> dict[Key, FirstAnswer]:
    if text is None:
        return {}
    return {
        (user_id, key): FirstAnswer(bytes.fromhex(digest), Answer(status, body, is_replay=True))
        for user_id, key, digest, status, body in orjson.loads(text)
    }


def _are_funds_as_read(outcomes: list[Outcome], wallets: Wallets, balances: dict[int, Balance]) -> bool:
    """Whether the engine decided with what the locked rows say, or with less that made no difference."""
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
            return False
    return True
