"""One attempt to execute a batch: lock, read, run the engine, lock the accounts, write."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

import orjson

from common.arrays import integers, texts
from common.flags.declared import COMPACT_ANSWERS
from common.tracing import tracing
from markets.selectors import trading_terms
from markets.services import journal
from trading import locks
from trading.engine.state import MarketState, OrderTerms, RestingOrder
from trading.events import Traces
from trading.services import _writes
from trading.services._contested import is_any_contested
from trading.services._groups import GroupMeters
from trading.services._market_cache import CachedMarket
from trading.services._market_state import current_state, send_records_after
from trading.services._order_answers import told_text
from trading.services._order_terms import TRADER_LIMITS, order_terms
from trading.services._pipeline import Pipeline
from trading.services._results import OldOrders, Results, RowIds, row_counts
from trading.services._rows import PARTY_OF_KIND, Balance, parties_of
from trading.services._run_commands import FirstAnswer, Key, Outcome, StaleFunds, key_of, run_commands
from trading.services.answer import Answer
from trading.services.traces import traces_of
from trading.types import AmendOrder, CancelOrder, Command, Effects, PlaceOrder, PlacePair

#: Ids of new orders, trades and transfers; account id, party, cash and held of each wallet and of each account of the
#: market, one after the other; the first answers to known keys; whether answers are kept compact; limits of single
#: traders; the market's terms. One statement, since each costs a single order as much as what it reads.
_READ: Final = f"""
SELECT ARRAY(SELECT nextval('trading_order_ids') FROM (SELECT generate_series(1, %s::int)) AS n),
    ARRAY(SELECT nextval('trading_trade_id_seq') FROM (SELECT generate_series(1, %s::int)) AS n),
    ARRAY(SELECT nextval('trading_ledgertransfer_id_seq') FROM (SELECT generate_series(1, %s::int)) AS n),
    ARRAY(SELECT unnest(ARRAY[id, user_id, cash, held]) FROM trading_account WHERE user_id = ANY (%s::bigint[])),
    ARRAY(SELECT unnest(ARRAY[id, CASE kind WHEN 'maker' THEN -1 WHEN 'collateral' THEN -2 ELSE -3 END, cash, held])
          FROM trading_account WHERE market_id = ANY (%s::bigint[])),
    (SELECT json_agg(json_build_array(
         s.user_id, s.client_order_id, encode(s.request_digest, 'hex'), s.status, s.answer))
     FROM (SELECT unnest(%s::bigint[]) AS user_id, unnest(%s::text[]) AS client_order_id) AS k
     JOIN trading_submission s ON s.user_id = k.user_id AND s.client_order_id = k.client_order_id)::text,
    (SELECT is_on FROM common_flag WHERE name = '{COMPACT_ANSWERS.name}') IS TRUE,
    {TRADER_LIMITS}, {trading_terms.TERMS_COLUMNS}
FROM markets_market WHERE id = %s::bigint
"""  # noqa: S608
_OLD_ORDERS: Final = "SELECT id, client_order_id, created_at FROM trading_order WHERE id = ANY (%s::bigint[])"
_ROW_IDS: Final = """
SELECT ARRAY(SELECT nextval('trading_trade_id_seq') FROM (SELECT generate_series(1, %s::int)) AS n),
       ARRAY(SELECT nextval('trading_ledgertransfer_id_seq') FROM (SELECT generate_series(1, %s::int)) AS n)
"""
#: A longer batch touches wallets that nobody can foresee, and pays its third round trip from its many orders.
HASTY_COMMANDS_MAX: Final = 4
#: Trades foreseen for each order of a hasty batch; ids that aren't used are lost.
_HASTY_TRADES: Final = 4
_HASTY_MAKERS: Final = 3
_IDS_NEEDED: Final[dict[type, int]] = {PlaceOrder: 1, AmendOrder: 1, PlacePair: 2}
#: Somebody who holds the lock for so long has a batch of their own, and gathering meanwhile pays a round trip.
_SHARED_S: Final = 0.002
_FREE_S: Final = 0.0005
Balances = dict[int, Balance]
#: Commands that have come meanwhile.
More = Callable[[], Sequence[Command]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found under the market's lock; ``balances`` by party aren't locked yet."""

    seq: int
    terms: trading_terms.TradingTerms
    balances: Balances
    first_answers: dict[Key, FirstAnswer]
    order_ids: list[int]
    row_ids: RowIds
    old_orders: OldOrders
    order_terms: OrderTerms
    is_compact: bool


class OrdersEnded(Exception):
    """Orders rest or wait whose time is over, or whose group has tripped; nothing was decided."""

    def __init__(self, orders: Sequence[RestingOrder]) -> None:
        super().__init__(f"{len(orders)} orders ended")
        self.cancels: list[Command] = [CancelOrder(order.user_id, order.order_id) for order in orders]


class Batch:
    """Lives for one transaction, inside a pipeline. Raises ``OrdersEnded`` before it changes anything.

    In haste it writes with the balances that it has read; the write fails if one of them was changed meanwhile.
    Where the lock is often another process', ``commands`` grow by those that ``more`` has when it is ours.
    """

    def __init__(
        self,
        pipe: Pipeline,
        entry: CachedMarket,
        commands: list[Command],
        *,
        is_system: bool,
        is_hasty: bool,
        more: More | None = None,
    ) -> None:
        self.pipe = pipe
        self.entry = entry
        self.commands = commands
        #: The entry's state is that of the tables.
        self.is_state_sure = True
        self.is_system = is_system
        self.is_hasty = is_hasty
        self.more = more
        self.seq = 0
        self.is_changed = False
        self.parties: set[int] = set()
        #: Order groups whose fuse this batch blew.
        self.tripped: list[int] = []
        self.traces: Traces = ()

    def run(self) -> list[Answer]:
        """Decide everything, send the writes and the commit; the caller waits for it."""
        reading, state = self._read()
        self.groups = GroupMeters(self.pipe, reading.terms.now)
        if not self.is_system and (ended := state.ended_orders(reading.terms.now)):
            raise OrdersEnded(ended)
        if state.groups:
            self._meet_groups(state)
        outcomes = self._decide(reading, state, reading.balances)
        effects = _effects_of(outcomes)
        balances, row_ids = reading.balances, reading.row_ids
        if not (self.is_hasty and self._can_skip_locks(reading, effects)):
            state, outcomes, balances, row_ids = self._lock(reading, state, outcomes)
        results = Results(
            self.entry, reading.terms.now, reading.seq, balances, row_ids, reading.old_orders,
            is_compact=reading.is_compact,
        )  # fmt: skip
        answers = results.write(self.pipe, state, outcomes)
        if tracing.is_on:
            self.traces = traces_of(self.commands, outcomes, seq=reading.seq)
        if self.groups.is_used:
            self.tripped = self.groups.write()
            answers = [answer for answer, outcome in zip(answers, outcomes, strict=True) if outcome.is_own]
        self.seq = results.seq
        self.is_changed = results.seq > reading.seq
        # PostgreSQL keeps the batch while we write what is told of it.
        self.pipe.send_commit()
        return [answer._replace(body=told_text(answer.body)) for answer in answers]

    def _meet_groups(self, state: MarketState) -> None:
        """Lock the order groups that have orders here; what is left of tripped ones goes first, like what has ended."""
        orders = state.grouped_orders()
        self.groups.lock(orders)
        left = [order for group_id, own in orders.items() if self.groups.is_blown(group_id) for order in own]
        if left and not self.is_system:
            raise OrdersEnded(left)

    def _can_skip_locks(self, reading: Reading, effects: list[Effects]) -> bool:
        """Whether the reading foresaw whom the effects touch and how many rows they are."""
        self.parties = _parties_of(effects)
        is_foreseen = self.parties <= reading.balances.keys() and reading.row_ids.are_enough(effects)
        return is_foreseen and not is_any_contested(self.parties)

    def _lock(
        self, reading: Reading, state: MarketState, outcomes: list[Outcome]
    ) -> tuple[MarketState, list[Outcome], Balances, RowIds]:
        """Lock the accounts in a round trip of its own, and decide again if that matters."""
        accounts, ids = self._send_locks(_effects_of(outcomes)), self._send_ids(_effects_of(outcomes))
        balances = _balances(accounts)
        if not _are_funds_as_read(outcomes, reading.balances, balances):
            state, outcomes = self._decide_again(reading, balances)
            ids = self._send_ids(_effects_of(outcomes))
        return state, outcomes, balances, RowIds(*(ids.fetchone() if ids is not None else ((), ())))

    def _read(self) -> tuple[Reading, MarketState]:
        """Lock the market and read in one round trip; each statement has a snapshot of its own, after the lock."""
        pipe, entry = self.pipe, self.entry
        pipe.send(_writes.KEEP_TO_INDEXES)
        head = pipe.cursor()
        journal.send_lock(head, entry.market_id)
        seq = None
        if self.more is not None and entry.is_shared:
            seq = self._wait_for_lock(head)
            self._take_along(self.more)
        read, old_orders = self._send_read(), self._send_old_orders()
        is_asked = entry.is_followed if seq is None else entry.lacks_records(seq)
        records = send_records_after(pipe, entry) if is_asked else None
        if seq is None:
            seq = self._wait_for_lock(head)
        entry.is_followed = entry.lacks_records(seq)
        if entry.is_followed and records is None:
            records = send_records_after(pipe, entry)
        order_ids, trade_ids, transfer_ids, wallets, accounts, first, is_compact, limits, *found = read.fetchone()
        terms = trading_terms.terms_from(*found)
        reading = Reading(
            seq, terms, _unlocked(wallets) | _unlocked(accounts), _first_answers(first), order_ids,
            RowIds(trade_ids, transfer_ids),
            {} if old_orders is None else {row[0]: row[1:] for row in old_orders.fetchall()},
            order_terms(terms, limits), is_compact,
        )  # fmt: skip
        return reading, self._state(reading, records)

    def _wait_for_lock(self, head: Any) -> int:
        asked_at = perf_counter()
        seq = journal.locked_seq(head, self.entry.market_id)
        waited_s = perf_counter() - asked_at
        self.entry.is_shared = waited_s > (_FREE_S if self.entry.is_shared else _SHARED_S)
        return seq

    def _take_along(self, more: More) -> None:
        """Let who has come meanwhile join the batch."""
        self.commands += more()
        self.is_hasty = self.is_hasty and len(self.commands) <= HASTY_COMMANDS_MAX

    def _send_read(self) -> Any:
        keys = [key for key in map(key_of, self.commands) if key is not None]
        # An amended order may need a new place.
        placed = sum([_IDS_NEEDED.get(type(c), 0) for c in self.commands])
        people = {c.user_id for c in self.commands}
        trades = transfers = 0
        markets: list[int] = []
        if self.is_hasty:
            people |= _near_makers(self.entry.state, self.commands)
            trades, transfers, markets = _HASTY_TRADES * placed, len(self.commands), [self.entry.market_id]
        users, names, wallets = [key[0] for key in keys], [key[1] for key in keys], integers(list(people))
        return self.pipe.send(
            _READ,
            [
                placed, trades, transfers, wallets, integers(markets), integers(users), texts(names), wallets,
                self.entry.market_id,
            ],
        )  # fmt: skip

    def _send_old_orders(self) -> Any:
        """Ask for what the answer about an older order says and the state doesn't know."""
        ids = [command.order_id for command in self.commands if isinstance(command, CancelOrder | AmendOrder)]
        return self.pipe.send(_OLD_ORDERS, [integers(ids)]) if ids else None

    def _state(self, reading: Reading, records: Any) -> MarketState:
        self.is_state_sure = False
        state = current_state(
            self.pipe, self.entry, reading.terms, records=records, seq=reading.seq, is_system=self.is_system
        )
        self.is_state_sure = True
        state.terms = reading.order_terms
        return state

    def _decide(self, reading: Reading, state: MarketState, balances: Balances) -> list[Outcome]:
        self.groups.begin()
        self.is_state_sure = False
        return run_commands(
            state,
            self.commands,
            first_answers=reading.first_answers,
            order_ids=reading.order_ids,
            funds={party: b.cash - b.held for party, b in balances.items() if party > 0},
            now=reading.terms.now,
            groups=self.groups,
        )

    def _decide_again(self, reading: Reading, balances: Balances) -> tuple[MarketState, list[Outcome]]:
        """Run the engine with what the locked accounts have, on a state read anew, since the first one moved on."""
        self.entry.forget()
        state = self._state(reading, None)
        outcomes = self._decide(reading, state, reading.balances | balances)
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
        trades, transfers = row_counts(effects)
        return self.pipe.send(_ROW_IDS, [trades, transfers]) if trades or transfers else None


def _effects_of(outcomes: list[Outcome]) -> list[Effects]:
    return [outcome.effects for outcome in outcomes if outcome.effects is not None]


def _parties_of(effects: Iterable[Effects]) -> set[int]:
    parties: set[int] = set()
    for e in effects:
        parties.add(e.command.user_id)
        parties |= parties_of(e)
    return parties


def _balances(cursor: Any) -> Balances:
    if cursor is None:
        return {}
    return {
        user_id if user_id is not None else PARTY_OF_KIND[kind]: Balance(account_id, cash, held)
        for account_id, user_id, kind, cash, held in cursor.fetchall()
    }


def _unlocked(flat: Sequence[int]) -> Balances:
    """From account id, party, cash, held, account id, party, cash, held ..."""
    numbers = iter(flat)
    return {
        party: Balance(account_id, cash, held)
        for account_id, party, cash, held in zip(numbers, numbers, numbers, numbers, strict=True)
    }


def _near_makers(state: MarketState | None, commands: Sequence[Command]) -> set[int]:
    """Whose resting orders the commands would probably meet first."""
    makers: set[int] = set()
    if state is not None:
        for command in commands:
            book = 0 if state.rules.is_binary or not isinstance(command, PlaceOrder) else command.spec.outcome
            if isinstance(command, PlaceOrder) and 0 <= book < len(state.books):
                makers |= state.books[book].nearest_owners(_HASTY_MAKERS)
    return makers


def _first_answers(text: str | None) -> dict[Key, FirstAnswer]:
    if text is None:
        return {}
    return {
        (user_id, key): FirstAnswer(bytes.fromhex(digest), Answer(status, body, is_replay=True))
        for user_id, key, digest, status, body in orjson.loads(text)
    }


def _are_funds_as_read(outcomes: list[Outcome], unlocked: Balances, balances: Balances) -> bool:
    """Whether the engine decided with what the locked rows say, or would have decided the same with it."""
    # A cancel that nobody sent only frees money.
    for user_id in {o.command.user_id for o in outcomes if o.effects is not None and o.is_own}:
        before, balance = unlocked[user_id], balances[user_id]
        if (balance.cash, balance.held) == (before.cash, before.held):
            continue
        was_short = any(
            o.refusal is not None and o.refusal.code == "order.insufficient_funds" and o.command.user_id == user_id
            for o in outcomes
        )
        if was_short or not _is_covered(user_id, balance.cash - balance.held, outcomes):
            return False
    return True


def _is_covered(user_id: int, available: int, outcomes: list[Outcome]) -> bool:
    """Whether ``available`` cash pays for everything that was accepted, in its order."""
    for effects in _effects_of(outcomes):
        available += effects.cash.get(user_id, 0) - effects.held.get(user_id, 0)
        if available < 0:
            return False
    return True
