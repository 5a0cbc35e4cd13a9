"""A market once more, from its journal alone, compared with everything that was written.

Contract   Reads only. Every command runs through the engine again; its effects must be those recorded, and
           orders, trades, ledger, positions and book must be what they add up to.
Bound      Memory grows with the market's orders, not with its trades.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from django.db import connection

from markets.selectors.journal_records import StoredRecord, journal_records
from markets.selectors.trading_terms import trading_rules
from markets.types import COMMAND_KINDS, EventKind
from trading.engine.apply import apply
from trading.engine.journal import from_record
from trading.engine.liquidity import claims
from trading.engine.pricing import marginal_prices
from trading.engine.replay import digest
from trading.engine.settlement import settle, summed
from trading.engine.state import Holding, MarketRules, MarketState, new_state
from trading.models import Account, LedgerEntry, MarketBook, Order, Trade
from trading.services._market_cache import CachedMarket
from trading.services._market_state import engine_rules, load_state
from trading.services._pipeline import pipeline
from trading.services._rows import PARTY_OF_KIND
from trading.types import MAKER, Effects, OrderView, Refusal

#: Accepted commands had the money; the journal doesn't say how much more there was.
_ENOUGH: Final = 10**18
MISTAKES_MAX: Final = 20
_TRADED: Final = ("trade", "mint", "merge", "convert", "liquidity")
#: Whether trading goes on after a record of the lifecycle.
_IS_OPEN_AFTER: Final = {
    EventKind.OPENED: True,
    EventKind.RESUMED: True,
    EventKind.HALTED: False,
    EventKind.CLOSED: False,
    EventKind.VOIDED: False,
}


@dataclass(slots=True)
class ReplayReport:
    """``digest`` is that of the replayed state, ``digest_of_tables`` that of the tables; both at ``seq``."""

    market_id: int
    seq: int = 0
    commands: int = 0
    digest: str = ""
    digest_of_tables: str = ""
    mistakes: list[str] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        return not self.mistakes and self.digest == self.digest_of_tables

    def note(self, mistake: str) -> None:
        if len(self.mistakes) < MISTAKES_MAX:
            self.mistakes.append(mistake)


class _Unsettled(NamedTuple):
    """What a settlement took away, which comes back if it is undone."""

    record: StoredRecord
    holdings: dict[tuple[int, int], Holding]
    providers: dict[int, int]
    rules: MarketRules


class _Replay:
    """One pass over the journal."""

    def __init__(self, market_id: int) -> None:
        self.report = ReplayReport(market_id)
        with connection.cursor() as cursor:
            self.rules = engine_rules(market_id, trading_rules(cursor, market_id))
        self.state: MarketState = new_state(self.rules)
        self.orders: dict[int, OrderView] = {}
        self.trades = _rows_of_trades(market_id)
        self.money = _cash_by_seq(market_id)
        self.prices: tuple[int, ...] = marginal_prices(self.state)
        self.volume = self.fills = 0
        self.unsettled: _Unsettled | None = None

    def take(self, record: StoredRecord) -> None:
        report = self.report
        if record.seq != report.seq + 1:
            report.note(f"record {report.seq + 1} is missing before {record.seq}")
        report.seq = record.seq
        if record.kind in COMMAND_KINDS:
            self._take_command(record)
        elif record.kind is EventKind.SETTLED:
            self._take_settlement(record)
        elif record.kind is EventKind.SETTLEMENT_UNDONE:
            self._take_undoing(record)
        self.state.is_open = _IS_OPEN_AFTER.get(record.kind, self.state.is_open)
        self.state.seq = record.seq

    def _take_command(self, record: StoredRecord) -> None:
        recorded = from_record(record.data)
        command = recorded.command
        found = apply(self.state, command, {command.user_id: _ENOUGH}, record.at)
        self.report.commands += 1
        if isinstance(found, Refusal):
            self.report.note(f"record {record.seq} is refused now: {found.code}")
            return
        if found != recorded:
            self.report.note(f"record {record.seq} has other effects now")
        self._compare_trades(record, found)
        self._compare_money(record.seq, found)
        self.orders.update((view.order_id, view) for view in found.orders)
        self.prices = found.prices
        self.fills += len(found.fills)
        self.volume += sum(fill.cost for fill in found.fills)

    def _compare_trades(self, record: StoredRecord, effects: Effects) -> None:
        for line, fill in enumerate(effects.fills):
            expected = (
                record.seq, line, fill.kind.value, fill.outcome, fill.taker_side.value, fill.price, fill.quantity,
                fill.cost, fill.taker_order_id, fill.taker_user_id, fill.taker_fee, fill.maker_order_id,
                None if fill.maker_user_id == MAKER else fill.maker_user_id, fill.maker_fee,
                effects.prices[fill.outcome], record.at,
            )  # fmt: skip
            row = next(self.trades, None)
            if row != expected:
                self.report.note(f"trade {line} of record {record.seq} is stored as {row}")

    def _compare_money(self, seq: int, effects: Effects) -> None:
        moved = {party: amount for party, amount in effects.cash.items() if amount}
        if moved and next(self.money, None) != (seq, moved):
            self.report.note(f"the ledger has other entries for record {seq}")

    def _take_settlement(self, record: StoredRecord) -> None:
        payouts = record.data["payouts"]
        if self.state.orders:
            self.report.note(f"record {record.seq} settles while orders are open")
        if payouts:
            holdings = {key: holding.quantity for key, holding in self.state.holdings.items()}
            top = max(self.state.maker_quantities)
            holdings |= {(MAKER, i): top - q for i, q in enumerate(self.state.maker_quantities)}
            sets = sum(lots for (_, outcome), lots in holdings.items() if outcome == 0)
            due = settle(payouts, holdings, sets * 10_000)
            if sorted([p, a] for p, a in due.items() if p != MAKER) != record.data["paid"]:
                self.report.note(f"record {record.seq} pays other amounts than the positions are worth")
            self._compare_claims(record, self.state.maker_cash + due.get(MAKER, 0))
        state = self.state
        self.unsettled = _Unsettled(record, dict(state.holdings), dict(state.providers), state.rules)
        state.holdings.clear()
        state.providers.clear()
        state.rules = self.rules

    def _take_undoing(self, record: StoredRecord) -> None:
        """Everything is as before the settlement; who was paid has given it back."""
        kept, self.unsettled = self.unsettled, None
        if kept is None or record.data["undoes"] != kept.record.seq:
            self.report.note(f"record {record.seq} undoes what isn't settled")
            return
        paid, provided = kept.record.data["paid"], kept.record.data.get("provided", [])
        if record.data["taken"] != summed(paid, provided):
            self.report.note(f"record {record.seq} takes back other amounts than were paid")
        if provided:
            back = {party: -amount for party, amount in provided} | {MAKER: sum(amount for _, amount in provided)}
            if next(self.money, None) != (record.seq, back):
                self.report.note(f"the ledger has other entries for the liquidity of record {record.seq}")
        self.state.holdings.update(kept.holdings)
        self.state.providers.update(kept.providers)
        self.state.rules = kept.rules

    def _compare_claims(self, record: StoredRecord, pool: int) -> None:
        """Whoever provides liquidity gets their part of what the maker rule has left."""
        state = self.state
        due = claims(pool, sorted(state.providers.items()), state.rules.liquidity) if state.providers else {}
        if sorted(map(list, due.items())) != record.data.get("provided", []):
            self.report.note(f"record {record.seq} pays other amounts for liquidity than it is worth")
        if due and next(self.money, None) != (record.seq, due | {MAKER: -sum(due.values())}):
            self.report.note(f"the ledger has other entries for the liquidity of record {record.seq}")


def replay_market(*, market_id: int, on_progress: Callable[[int], None] = lambda seq: None) -> ReplayReport:
    """Replay the journal and compare; call it in a transaction with one snapshot.

    Raises: MarketNotFound
    """
    replay = _Replay(market_id)
    for record in journal_records(market_id):
        replay.take(record)
        on_progress(record.seq)
    report = replay.report
    if next(replay.trades, None) is not None:
        report.note("trades are stored that no record tells of")
    if next(replay.money, None) is not None:
        report.note("the ledger moved cash that no record tells of")
    _compare_orders(replay)
    _compare_book(replay)
    report.digest = digest(replay.state)
    report.digest_of_tables = _digest_of_tables(market_id, report.seq)
    return report


def _rows_of_trades(market_id: int) -> Iterator[tuple[Any, ...]]:
    rows = Trade.objects.filter(market_id=market_id).order_by("id")
    return rows.values_list(
        "seq", "line", "kind", "outcome", "taker_side", "price", "quantity", "cost", "taker_order_id", "taker_id",
        "taker_fee", "maker_order_id", "maker_id", "maker_fee", "probability", "created_at",
    ).iterator()  # fmt: skip


def _cash_by_seq(market_id: int) -> Iterator[tuple[int, dict[int, int]]]:
    """What each record's command moved, by party, in the order of the records."""
    entries = LedgerEntry.objects.filter(transfer__market_id=market_id, transfer__kind__in=_TRADED)
    rows = entries.order_by("transfer__seq", "id").values_list(
        "transfer__seq", "account__kind", "account__user_id", "amount"
    )
    seq = 0
    moved: dict[int, int] = {}
    for row_seq, kind, user_id, amount in rows.iterator():
        assert row_seq is not None, "a command's transfer has its record"
        if row_seq != seq and moved:
            yield seq, moved
            moved = {}
        seq = row_seq
        party = PARTY_OF_KIND[kind] if user_id is None else user_id
        moved[party] = moved.get(party, 0) + amount
    if moved:
        yield seq, moved


def _compare_orders(replay: _Replay) -> None:
    rows = Order.objects.filter(market_id=replay.report.market_id).values_list(
        "id", "user_id", "outcome", "side", "price", "quantity", "filled", "cost", "fee", "hold_cash", "hold_shares",
        "status",
    )  # fmt: skip
    left = dict(replay.orders)
    for row in rows.iterator():
        view = left.pop(row[0], None)
        if view is None or row != _row_of(view):
            replay.report.note(f"order {row[0]} is stored otherwise than the journal tells")
    for order_id in left:
        replay.report.note(f"order {order_id} is missing")


def _row_of(view: OrderView) -> tuple[Any, ...]:
    spec = view.spec
    return (
        view.order_id, view.user_id, spec.outcome, spec.side.value, spec.price, view.quantity, view.filled, view.cost,
        view.fee, view.hold_cash, view.hold_shares, view.status.value,
    )  # fmt: skip


def _compare_book(replay: _Replay) -> None:
    book = MarketBook.objects.get(pk=replay.report.market_id)
    found = (tuple(book.maker_quantities), tuple(book.prices), book.trades, book.volume)
    # An imported market that nobody traded, with no maker rule, shows the prices of its source.
    is_priced_here = bool(replay.report.commands or replay.rules.liquidity)
    prices = replay.prices if is_priced_here else found[1]
    if found != (tuple(replay.state.maker_quantities), prices, replay.fills, replay.volume):
        replay.report.note(f"the book row says {found}")
    if book.added_liquidity != replay.state.rules.liquidity - replay.rules.liquidity:
        replay.report.note(f"the book row says {book.added_liquidity} lots of liquidity were added")
    accounts = Account.objects.filter(market_id=replay.report.market_id)
    if book.settled_at is None and accounts.get(kind="maker").cash != replay.state.maker_cash:
        replay.report.note(f"the maker rule's cash isn't {replay.state.maker_cash}")
    if accounts.exclude(held=0).exists():
        replay.report.note("an account of the market holds something back")


def _digest_of_tables(market_id: int, seq: int) -> str:
    with pipeline() as pipe:
        return digest(load_state(pipe, CachedMarket(market_id), seq))
