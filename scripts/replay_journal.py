"""Rebuild markets from an exported journal, with nothing but Python 3.11 and this file.

Use        python replay_journal.py journal.csv [--figures figures.json] [--no-decisions]
           0: every rule held and the figures are equal; 1: differences, one a line; 2: the file can't be read.
What       An export is rows of (market_id, seq, at, kind, actor_id, data). ``rules`` comes first, then every record of
           the market's journal, then the figures that its tables had at that moment. See docs/journal.md.
Independent  Nothing here is taken from the exchange: the rules of docs/market-mechanism.md are written down a second
           time, in the plainest form. What a command did is checked three times: its parts must agree (orders, fills,
           holds, levels, cash and shares follow from each other); nothing may be made or lost (cash sums to zero,
           shares are whole sets, collateral backs them); and the same command is matched again, in price-time order
           against book and maker rule. A command of a kind unknown to this file is held to the first two.
Units      price 1/10,000; quantity 1/10,000 share; cash 1/100,000,000 credit; all integers.
"""

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from math import ceil, exp, floor, log, log1p
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple

MAKER, COLLATERAL, FEES = -1, -2, -3
SCALE = 10_000  # ticks a payout, and cash that one lot of a set is worth
LOTS_MAX = 10**13
STEPS_MAX, SWEEP_STEPS_MAX = 10_000, 100
Record = Mapping[str, Any]
COLUMNS = ("market_id", "seq", "at", "kind", "actor_id", "data")
#: From which statuses a record of the lifecycle leads to which.
LIFECYCLE = {
    "created": ({""}, "draft"),
    "edited": ({"draft"}, "draft"),
    "opened": ({"draft"}, "open"),
    "halted": ({"open"}, "halted"),
    "resumed": ({"halted"}, "open"),
    "closed": ({"open", "halted"}, "closed"),
    "proposed": ({"closed"}, "proposed"),
    "disputed": ({"proposed"}, "disputed"),
    "resolved": ({"proposed", "disputed"}, "resolved"),
    "voided": ({"draft", "open", "halted", "closed", "proposed", "disputed"}, "void"),
    "settled": ({"resolved", "void"}, "settled"),
    "settlement_undone": ({"settled"}, "closed"),
}


class Rules:
    """What was laid down when the market was made."""

    def __init__(self, rules: Mapping[str, Any]) -> None:
        self.market_id = int(rules["market_id"])
        self.kind = str(rules["kind"])
        self.outcomes = int(rules["outcomes"])
        self.liquidity = int(rules["liquidity"])
        self.taker_fee_bps = int(rules["taker_fee_bps"])
        self.maker_fee_bps = int(rules["maker_fee_bps"])
        self.tick, self.lot = int(rules["tick"]), int(rules["lot"])
        #: Nothing but cancels happens later.
        self.closes_at = datetime.fromisoformat(rules.get("closes_at") or "9999-01-01T00:00:00Z")
        self.is_binary = self.kind == "binary"


class Order:
    """An order as its owner asked for it; ``is_resting`` while it stands in a book."""

    def __init__(self, order_id: int, user_id: int, spec: Sequence[Any], rules: Rules) -> None:
        self.order_id, self.user_id, self._is_binary = order_id, user_id, rules.is_binary
        #: Where it stands among those at its price: by its number, until it is sent to the back.
        self.turn = order_id
        self.ask(spec)
        self.quantity = self.filled = self.cost = self.fee = self.hold_cash = self.hold_shares = 0
        self.status = "new"

    def ask(self, spec: Sequence[Any]) -> None:
        """``spec`` is what is asked for, by position as in docs/journal.md."""
        self.spec = spec
        self.outcome, self.side, self.type, self.time_in_force, self.price = spec[1:6]
        self.is_mirrored = self._is_binary and self.outcome == 1
        proceeds_min, reduce_only, ties = [*spec[11:14], None, None, None][:3]
        #: It follows the free shares of its owner and reserves none.
        self.is_reduce_only = bool(reduce_only)
        #: A stop, a leg of a pair, or one of an order group: (trigger price, other leg, group).
        self.is_tied = ties is not None
        self.is_special = bool(proceeds_min or reduce_only or ties)

    @property
    def remaining(self) -> int:
        return self.quantity - self.filled if self.status == "open" else 0

    @property
    def booked(self) -> tuple[int, str, int]:
        """Book, side and price: in a binary market "no" at p stands in the book of "yes" at 1 - p."""
        if self.is_mirrored:
            return 0, other(self.side), SCALE - self.price
        return self.outcome, self.side, self.price

    def line(self) -> str:
        return (
            f"{self.order_id} {self.user_id} {self.quantity} {self.filled} {self.cost} {self.fee} "
            f"{self.hold_cash} {self.hold_shares} {self.side} {self.outcome}"
        )

    def row(self) -> list[Any]:
        return [
            self.order_id, self.user_id, self.outcome, self.side, self.price, self.quantity, self.filled, self.cost,
            self.fee, self.hold_cash, self.hold_shares, self.status,
        ]  # fmt: skip


def other(side: str) -> str:
    return "sell" if side == "buy" else "buy"


def ceil_div(number: int, by: int) -> int:
    return -(-number // by)


# --- Fees and holds ---------------------------------------------------------------------------------------------


def maker_fee(rules: Rules, price: int, quantity: int) -> int:
    """What a resting order of ``quantity`` will pay at most."""
    return ceil_div(rules.maker_fee_bps * price * (SCALE - price) * quantity, SCALE * SCALE)


def hold_of(rules: Rules, order: Order) -> tuple[int, int]:
    """Cash and shares that an open order reserves."""
    left = order.remaining
    if order.side == "sell":
        return 0, 0 if order.is_reduce_only else left
    return (order.price * left + maker_fee(rules, order.price, left), 0) if left else (0, 0)


# --- The maker rule: C(q) = b ln sum exp(q_i / b) -----------------------------------------------------------------

#: More than floating point can be wrong by, for each outcome.
ERROR = 2.0**-50


def rest_of(q: Sequence[int], b: int) -> float:
    """(C(q) - max(q)) / b"""
    if len(q) == 2:
        return log1p(exp(-abs(q[0] - q[1]) / b))
    top = max(q)
    return log(sum([exp((quantity - top) / b) for quantity in q]))


def potential_up(q: Sequence[int], b: int) -> int:
    return max(q) * SCALE + ceil((rest_of(q, b) + ERROR * (len(q) + 4)) * b * SCALE)


def potential_down(q: Sequence[int], b: int) -> int:
    return max(q) * SCALE + max(floor((rest_of(q, b) - ERROR * (len(q) + 4)) * b * SCALE), 0)


def rule_cost(q: Sequence[int], b: int, outcome: int, lots: int) -> int:
    """What buying ``lots`` costs; for a sale, of negative lots, minus what it brings. Against the trader."""
    after = moved(q, outcome, lots)
    return potential_up(after, b) - potential_down(q, b) if lots else 0


def moved(q: Sequence[int], outcome: int, lots: int) -> list[int]:
    after = list(q)
    after[outcome] += lots
    return after


def log_odds(q: Sequence[int], b: int, outcome: int) -> float:
    rest = [quantity for index, quantity in enumerate(q) if index != outcome]
    if len(rest) == 1:
        return (q[outcome] - rest[0]) / b
    top = max(rest)
    return (q[outcome] - top) / b - log(sum(exp((quantity - top) / b) for quantity in rest))


def lots_to_price(q: Sequence[int], b: int, outcome: int, ticks: int) -> int:
    return int(b * (log(ticks / (SCALE - ticks)) - log_odds(q, b, outcome)))


def reserve(q: Sequence[int], b: int) -> int:
    """What the maker rule can still lose."""
    return potential_up(q, b) - max(q) * SCALE if b else 0


def subsidy(b: int, outcomes: int) -> int:
    """What the maker rule starts with: its worst loss."""
    return potential_up([0] * outcomes, b) if b else 0


# --- A market -----------------------------------------------------------------------------------------------------


class Unsettled(NamedTuple):
    """What a settlement took away, which comes back if it is undone."""

    seq: int
    holdings: dict[tuple[int, int], int]
    outstanding: list[int]
    cash: dict[int, int]


class Replay:
    """One market, record by record. ``mistakes`` tells every rule that a record broke, with its ``seq``."""

    def __init__(self, rules: Mapping[str, Any], decides: bool = True) -> None:
        self.rules, self.decides = Rules(rules), decides
        self.seq, self.commands, self.decided, self.status = 0, 0, 0, ""
        self.orders: dict[int, Order] = {}
        #: Resting orders by book and side, by price, earliest first.
        self.books: dict[tuple[int, str], dict[int, dict[int, Order]]] = defaultdict(dict)
        self.cash: dict[int, int] = defaultdict(int)
        self.held: dict[int, int] = defaultdict(int)
        self.holdings: dict[tuple[int, int], int] = defaultdict(int)
        self.held_shares: dict[tuple[int, int], int] = defaultdict(int)
        self.maker_quantities = [0] * self.rules.outcomes
        #: b of the maker rule, with what others have added to it, and by whom.
        self.liquidity = self.rules.liquidity
        self.providers: dict[int, int] = defaultdict(int)
        #: Orders alive that are more than limit orders: what they do to others isn't decided again here.
        self.special: set[int] = set()
        self.outstanding = [0] * self.rules.outcomes
        self.fills: list[tuple[int, int, list[Any]]] = []
        #: Sizes by book, side and price, for journals that tell nothing else.
        self.sizes: dict[tuple[int, str, int], int] = defaultdict(int)
        self.is_public = False
        self.unsettled: Unsettled | None = None
        self.mistakes: list[str] = []

    def note(self, mistake: str) -> None:
        self.mistakes.append(f"seq {self.seq}: {mistake}")

    def expect(self, what: str, found: Any, expected: Any) -> None:
        if found != expected:
            self.note(f"{what} is {found}, but must be {expected}")

    def take(self, record: Record) -> None:
        """The next record: {"seq", "kind", "at", "actor_id", "data"}."""
        expected, self.seq = self.seq + 1, int(record["seq"])
        if self.seq != expected:
            self.note(f"record {expected} should come here")
        kind, data = record["kind"], record["data"]
        if kind in LIFECYCLE:
            self._take_lifecycle(kind, data)
        elif "c" in data:
            self._take_command(data, str(record["at"]))
        elif "l" in data:
            self._take_public(data)

    # What happens to the market as a whole.

    def _take_lifecycle(self, kind: str, data: Mapping[str, Any]) -> None:
        before, after = LIFECYCLE[kind]
        if self.status not in before:
            self.note(f"a market that is {self.status or 'not there'} can't be {kind}")
        self.status = after
        if kind == "opened":
            self.cash[MAKER] += subsidy(self.rules.liquidity, self.rules.outcomes)
        elif kind == "settled" and not self.is_public and "paid" in data:
            self._settle(data)
        elif kind == "settlement_undone" and not self.is_public and self.unsettled is not None:
            self._undo(data)

    def _settle(self, data: Mapping[str, Any]) -> None:
        if any(self.books.values()):
            self.note("orders rest while the market is settled")
        before = dict(self.cash)
        due = self._worth(data["payouts"]) if data["payouts"] else self._refunds()
        paid = sorted([party, amount] for party, amount in due.items() if party != MAKER and amount)
        self.expect("what is paid", data["paid"], paid)
        fees = self.cash[FEES]
        provided = data.get("provided", [])
        if data["payouts"]:
            pool = self.cash[MAKER] + due.get(MAKER, 0)
            parts = {user: pool * lots // self.liquidity for user, lots in self.providers.items() if lots}
            self.expect("what providers get", provided, sorted([user, cash] for user, cash in parts.items() if cash))
        paid_out = sum(amount for _, amount in [*paid, *provided])
        for party, amount in [*paid, *provided]:
            self.cash[party] += amount
        left = sum(amount for party, amount in self.cash.items() if party < 0) - paid_out
        kept = fees if data["payouts"] else max(fees - sum(amount for _, amount in paid), 0)
        self.expect("what is left, returned and kept as fees", data["returned"] + data["fees"], left)
        self.expect("the fees that are kept", data["fees"], kept)
        self.unsettled = Unsettled(self.seq, dict(self.holdings), self.outstanding, before)
        self.holdings.clear()
        self.outstanding = [0] * self.rules.outcomes
        self.cash.update({MAKER: 0, COLLATERAL: 0, FEES: 0})

    def _undo(self, data: Mapping[str, Any]) -> None:
        """Everything is as before the settlement; who was paid has given it back."""
        kept = self.unsettled
        assert kept is not None
        self.unsettled = None
        self.expect("the settlement that is undone", data["undoes"], kept.seq)
        taken = {party: amount - kept.cash.get(party, 0) for party, amount in self.cash.items() if party > 0}
        self.expect("what is taken back", data["taken"], sorted([p, a] for p, a in taken.items() if a))
        self.holdings.update(kept.holdings)
        self.outstanding = kept.outstanding
        self.cash.clear()
        self.cash.update(kept.cash)

    def _worth(self, payouts: Sequence[int]) -> dict[int, int]:
        due: dict[int, int] = defaultdict(int)
        for (party, outcome), lots in self.holdings.items():
            due[party] += lots * payouts[outcome]
        self.expect("the worth of all shares", sum(due.values()), self.cash[COLLATERAL])
        return due

    def _refunds(self) -> dict[int, int]:
        """Each gets back what they have put in; if that isn't there, their part by largest remainder."""
        owed = {party: -amount for party, amount in self.cash.items() if party > 0 and amount < 0}
        total, available = sum(owed.values()), sum(amount for party, amount in self.cash.items() if party < 0)
        if total <= available:
            return owed
        parts = {party: divmod(amount * available, total) for party, amount in owed.items()}
        due = {party: whole for party, (whole, _) in parts.items()}
        for party in sorted(parts, key=lambda party: (-parts[party][1], party))[: available - sum(due.values())]:
            due[party] += 1
        return due

    # What a command did.

    def _take_public(self, data: Mapping[str, Any]) -> None:
        """A journal without owners: only the sizes of the levels and the trades."""
        self.is_public = True
        for outcome, side, price, change in data["l"]:
            size = self.sizes[outcome, side, price] = self.sizes[outcome, side, price] + change
            if size < 0:
                self.note(f"the level {side} {price} of outcome {outcome} falls to {size}")
            if not size:
                del self.sizes[outcome, side, price]
        for line, fill in enumerate(data["f"]):
            self.fills.append((self.seq, line, list(fill)))

    def _take_command(self, data: Mapping[str, Any], at: str) -> None:
        self.commands += 1
        command, rows = data["c"], data["o"]
        self._check_status(command[0], data["f"])
        if self.decides:
            self._decide(command, data, at)
        for row in rows:
            if row[1] not in self.orders:
                self.orders[row[1]] = Order(row[1], row[2], row[0] or command[2], self.rules)
        told = Told(self, data)
        for row in rows:
            self._take_order(row, command, told)
        self._compare(data, told)
        self._move(data)
        for line, fill in enumerate(data["f"]):
            self.fills.append((self.seq, line, list(fill)))

    def _check_status(self, kind: str, fills: Sequence[Any]) -> None:
        is_quiet = kind in ("cancel", "amend") and not fills
        if not is_quiet and self.status != "open":
            self.note(f"a {kind} with {len(fills)} trades while the market is {self.status}")

    def _take_order(self, row: Sequence[Any], command: Sequence[Any], told: "Told") -> None:
        """Bring one order to what the record says of it, and check that this follows from the trades."""
        order, number = self.orders[row[1]], row[1]
        if order.status in ("filled", "cancelled"):
            self.note(f"order {number} has ended and changes again")
        self.expect(f"the owner of order {number}", row[2], order.user_id)
        lots, cost, fee = told.orders.get(number, (0, 0, 0))
        must = [order.filled + lots, order.cost + cost, order.fee + fee]
        self.expect(f"filled, cost and fee of order {number}", list(row[4:7]), must)
        told.note_before(order)
        place, quantity = order.booked if order.status == "open" else None, order.quantity
        asked = order.price
        if row[0] is not None:
            order.ask(row[0])
        order.quantity, order.filled, order.cost, order.fee, order.hold_cash, order.hold_shares, order.status = row[3:]
        self._check_order(order)
        if command[0] == "amend" and command[2] == number and (order.price != asked or order.quantity >= quantity):
            order.turn = command[8]
            self._place(order, place, keeps_turn=False)
        else:
            self._place(order, place, keeps_turn=order.quantity <= quantity)
        is_alive = order.status in ("open", "waiting", "triggered")
        (self.special.add if order.is_special and is_alive else self.special.discard)(number)
        told.note_after(order)

    def _check_order(self, order: Order) -> None:
        number, is_full = order.order_id, order.filled == order.quantity
        waits = {"waiting": not order.filled, "triggered": not order.filled}
        is_possible = {"open": not is_full, "filled": is_full, "cancelled": True, **waits}.get(order.status, False)
        if not is_possible or not 0 <= order.filled <= order.quantity:
            self.note(f"order {number} is {order.status} with {order.filled} of {order.quantity}")
        if not (order.is_tied and order.status in ("open", "waiting", "triggered")):
            # The legs of a pair share what they hold; a stop holds what it can come to cost.
            holds = (order.hold_cash, order.hold_shares)
            self.expect(f"what order {number} holds", holds, hold_of(self.rules, order))

    def _place(self, order: Order, before: tuple[int, str, int] | None, keeps_turn: bool) -> None:
        """Put the order into its book, or take it out; who asks for more or another price queues anew."""
        after = order.booked if order.status == "open" else None
        if before == after and keeps_turn:
            return
        if before is not None:
            book, side, price = before
            levels = self.books[book, side]
            del levels[price][order.order_id]
            if not levels[price]:
                del levels[price]
        if after is not None:
            book, side, price = after
            level = self.books[book, side].setdefault(price, {})
            last = next(reversed(level.values()), None)
            level[order.order_id] = order
            if last is not None and last.turn > order.turn:
                self.books[book, side][price] = dict(sorted(level.items(), key=lambda item: item[1].turn))

    def _compare(self, data: Mapping[str, Any], told: "Told") -> None:
        """What the record says was moved must be what its orders and trades come to."""
        levels = {(outcome, side, price): change for outcome, side, price, change in data["l"]}
        self.expect("the change of the levels", changed(levels), changed(told.levels))
        self.expect("the change of held cash", changed(dict(data["held"])), changed(told.held))
        held = {(party, outcome): change for party, outcome, change in data["shh"]}
        self.expect("the change of held shares", changed(held), changed(told.held_shares))
        cash, shares = dict(data["cash"]), {(party, outcome): change for party, outcome, change in data["sh"]}
        self.expect("the sum of the cash", sum(cash.values()), 0)
        if told.is_complete:
            self.expect("the cash that moves", changed(cash), changed(told.cash))
            self.expect("the shares that move", changed(shares), changed(told.shares))
            self.expect("what the maker rule has sold", list(data["q"]), told.maker_quantities)

    def _move(self, data: Mapping[str, Any]) -> None:
        for party, amount in data["cash"]:
            self.cash[party] += amount
        for party, amount in data["held"]:
            self.held[party] += amount
        for party, outcome, lots in data["sh"]:
            self.holdings[party, outcome] += lots
            self.outstanding[outcome] += lots
        for party, outcome, lots in data["shh"]:
            self.held_shares[party, outcome] += lots
        self.maker_quantities = list(data["q"])
        if "lp" in data:
            self.liquidity = data["lp"][1]
            self.providers[data["c"][1]] += data["lp"][0]
        self._check_state(data)

    def _check_state(self, data: Mapping[str, Any]) -> None:
        self.expect("the number of shares of each outcome", len(set(self.outstanding)), 1)
        self.expect("the collateral", self.cash[COLLATERAL], self.outstanding[0] * SCALE)
        if self.cash[MAKER] < reserve(self.maker_quantities, self.liquidity) or self.cash[FEES] < 0:
            self.note(f"the maker rule has {self.cash[MAKER]}, too little for its worst loss; fees {self.cash[FEES]}")
        for party, outcome, _ in [*data["sh"], *data["shh"]]:
            has, held = self.holdings[party, outcome], self.held_shares[party, outcome]
            if not 0 <= held <= has:
                self.note(f"{party} has {has} shares of outcome {outcome} and holds {held} of them back")
        for outcome in {level[0] for level in data["l"]}:
            bid, ask = self.best(outcome, "buy"), self.best(outcome, "sell")
            if bid is not None and ask is not None and bid >= ask:
                self.note(f"a bid at {bid} and an ask at {ask} rest in the book of outcome {outcome}")

    def best(self, outcome: int, side: str) -> int | None:
        prices = self.books[outcome, side]
        return (max if side == "buy" else min)(prices) if prices else None

    def _decide(self, command: Sequence[Any], data: Mapping[str, Any], at: str) -> None:
        """Match the command by our own rules and compare whom it met and how it ended."""
        is_plain = command[0] in ("cancel", "mint", "merge") or (command[0] == "place" and not any(command[2][11:]))
        if not is_plain or self.special:
            return
        decision = Decision(self, is_open=self.status == "open" and datetime.fromisoformat(at) < self.rules.closes_at)
        decision.run(command)
        self.decided += 1
        self.expect("whom it trades with", [list(fill) for fill in data["f"]], decision.fills)
        ends = {row[1]: row[9] for row in data["o"]}
        self.expect("the end of its orders", ends, decision.ends)

    # What there is.

    def levels(self) -> list[list[Any]]:
        """Sizes of all levels: outcome, side, price, lots."""
        if self.is_public:
            return sorted([*level, size] for level, size in self.sizes.items())
        return sorted(
            [outcome, side, price, sum(order.remaining for order in orders.values())]
            for (outcome, side), levels in self.books.items()
            for price, orders in levels.items()
        )

    def figures(self) -> dict[str, Any]:
        """Everything at ``seq``, in the form in which exports end with it."""
        if self.is_public:
            return {"seq": self.seq, "levels": self.levels(), "trades": len(self.fills)}
        maker = ((MAKER, outcome) for outcome in range(self.rules.outcomes))
        keys = self.holdings.keys() | self.held_shares.keys() | set(maker)
        positions = [[*key, self.holdings[key], self.held_shares[key]] for key in sorted(keys)]
        return {
            "seq": self.seq,
            "digest": self.digest(),
            "levels": self.levels(),
            "trades": len(self.fills),
            "orders": [order.row() for _, order in sorted(self.orders.items())],
            "positions": [row for row in positions if row[2] or row[3]],
            "cash": [[party, amount] for party, amount in sorted(self.cash.items()) if amount],
            "held": [[user, amount] for user, amount in sorted(self.held.items()) if amount],
        }

    def digest(self) -> str:
        """SHA-256 of books in their priority, holdings and maker rule: that of ``manage.py replay``."""
        return sha256("\n".join(self._digest_lines()).encode()).hexdigest()

    def _digest_lines(self) -> Iterator[str]:
        yield f"market {self.rules.market_id} seq {self.seq}"
        yield f"maker {' '.join(map(str, self.maker_quantities))}"
        providers = sorted((user, lots) for user, lots in self.providers.items() if lots)
        if providers:
            yield f"liquidity {self.liquidity}"
            yield from (f"provider {user} {lots}" for user, lots in providers)
        for book in range(1 if self.rules.is_binary else self.rules.outcomes):
            for name, side in (("bid", "buy"), ("ask", "sell")):
                for price, orders in best_first(self.books[book, side], side):
                    yield f"{name} {book} {price} {sum(order.remaining for order in orders.values())}"
                    yield from (f"order {order.line()}" for order in orders.values())
        for number in sorted(self.special):
            order = self.orders[number]
            if order.status != "open":
                trigger, other_leg, group = order.spec[13]
                ties = f"Ties(trigger_price={trigger}, linked_to={other_leg}, group_id={group})"
                yield f"stop {order.line()} {order.status} {ties}"
        for (party, outcome), lots in sorted(self.holdings.items()):
            held = self.held_shares[party, outcome]
            if party > 0 and (lots or held):
                yield f"holding {party} {outcome} {lots} {held}"


def changed(amounts: Mapping[Any, int]) -> dict[Any, int]:
    return {key: amount for key, amount in amounts.items() if amount}


def best_first(levels: Mapping[int, dict[int, Order]], side: str) -> Iterator[tuple[int, dict[int, Order]]]:
    for price in sorted(levels, reverse=side == "buy"):
        yield price, levels[price]


class Told:
    """What the trades of one record, and the orders before and after, say must have moved."""

    def __init__(self, market: Replay, data: Mapping[str, Any]) -> None:
        self._market, command = market, data["c"]
        self.orders: dict[int, tuple[int, int, int]] = {}
        self.cash: dict[int, int] = defaultdict(int)
        self.held: dict[int, int] = defaultdict(int)
        self.shares: dict[tuple[int, int], int] = defaultdict(int)
        self.held_shares: dict[tuple[int, int], int] = defaultdict(int)
        self.levels: dict[tuple[int, str, int], int] = defaultdict(int)
        self.maker_quantities = list(market.maker_quantities)
        #: Other commands may move more than their trades: that is only held to what must be conserved.
        kinds = ("place", "pair", "cancel", "amend", "mint", "merge", "convert", "add", "withdraw")
        self.is_complete = command[0] in kinds
        for fill in data["f"]:
            self._add(fill)
        self._add_rule()
        if command[0] in ("mint", "merge"):
            self._add_sets(command[1], command[2] if command[0] == "mint" else -command[2])
        elif command[0] == "convert":
            # NO on k outcomes is k - 1 credits and a share of each other outcome.
            self._add_sets(command[1], -(len(set(command[2])) - 1) * command[3])
        elif "lp" in data:
            self._add_provision(command[1], command[2] if command[0] == "add" else -command[2], data["lp"])

    def _add(self, fill: Sequence[Any]) -> None:
        kind, _, _, price, lots, cost, taker_id, taker, taker_fee, maker_id, maker, maker_fee = fill
        self._add_side(taker_id, taker, lots, cost, taker_fee)
        if kind == "rule":
            order = self._market.orders[taker_id]
            sign = 1 if order.side == "buy" else -1
            self.maker_quantities[order.outcome] += sign * lots
            self.cash[MAKER] += sign * (lots * SCALE - cost if order.is_mirrored else cost)
            return
        self._market.expect("the cost of a trade", cost, price * lots)
        self._add_side(maker_id, maker, lots, cost, maker_fee)
        self.cash[COLLATERAL] += {"mint": lots, "merge": -lots}.get(kind, 0) * SCALE

    def _add_side(self, order_id: int, user: int, lots: int, cost: int, fee: int) -> None:
        """``cost`` is that of the booked outcome; who asked for the other one pays the rest of the payout."""
        order = self._market.orders.get(order_id)
        if order is None or order.user_id != user:
            self._market.note(f"a trade names order {order_id} of {user}, which is not there")
            return
        sign, asked = 1 if order.side == "buy" else -1, lots * SCALE - cost if order.is_mirrored else cost
        self.cash[user] -= sign * asked + fee
        self.cash[FEES] += fee
        self.shares[user, order.outcome] += sign * lots
        filled, paid, fees = self.orders.get(order_id, (0, 0, 0))
        self.orders[order_id] = (filled + lots, paid + asked, fees + fee)

    def _add_rule(self) -> None:
        """The maker rule makes or unmakes whole sets, as many as its largest quantity moves."""
        before = self._market.maker_quantities
        sets = max(self.maker_quantities) - max(before)
        self.cash[MAKER] -= sets * SCALE
        self.cash[COLLATERAL] += sets * SCALE
        for outcome, (old, new) in enumerate(zip(before, self.maker_quantities, strict=True)):
            self.shares[MAKER, outcome] += sets - (new - old)

    def _add_sets(self, user: int, lots: int) -> None:
        self.cash[user] -= lots * SCALE
        self.cash[COLLATERAL] += lots * SCALE
        for outcome in range(self._market.rules.outcomes):
            self.shares[user, outcome] += lots

    def _add_provision(self, user: int, lots: int, told: Sequence[Any]) -> None:
        """Whoever raises b gives the rule their part of its cash and shares, rounded in its favour."""
        market, lot = self._market, self._market.rules.lot
        b, after = market.liquidity, market.liquidity + lots
        top, own = max(market.maker_quantities), market.cash[MAKER]
        owned = [top - sold for sold in market.maker_quantities]
        kept = [ceil_div(shares * after, b * lot) * lot for shares in owned]
        cash = max(ceil_div(own * lots, b), reserve([top - shares for shares in kept], after) - own)
        sets = max(0, *[new - old for new, old in zip(kept, owned, strict=True)])
        given = [sets - (new - old) for new, old in zip(kept, owned, strict=True)]
        market.expect("what providing liquidity moves", list(told), [lots, after, cash, sets, given])
        self.cash[user] -= cash + sets * SCALE
        self.cash[MAKER] += cash
        self.cash[COLLATERAL] += sets * SCALE
        for outcome, shares in enumerate(given):
            self.shares[user, outcome] += shares
            self.shares[MAKER, outcome] += sets - shares
            self.maker_quantities[outcome] -= sets - shares

    def note_before(self, order: Order) -> None:
        self._note(order, -1)

    def note_after(self, order: Order) -> None:
        self._note(order, 1)

    def _note(self, order: Order, sign: int) -> None:
        if order.status == "open":
            self.levels[order.booked] += sign * order.remaining
        self.held[order.user_id] += sign * order.hold_cash
        self.held_shares[order.user_id, order.outcome] += sign * order.hold_shares


# --- Deciding a command once more ---------------------------------------------------------------------------------


class Decision:
    """A command against a market as it is now: whom it trades with, and how the orders that it touches end."""

    def __init__(self, market: Replay, is_open: bool) -> None:
        self._market, self._rules, self._is_open = market, market.rules, is_open
        self._q, self._b, self._left = list(market.maker_quantities), market.liquidity, dict[int, int]()
        self._newcomer: Order | None = None
        self.fills: list[list[Any]] = []
        self.ends: dict[int, str] = {}

    def run(self, command: Sequence[Any]) -> None:
        if command[0] == "place":
            self._place(Order(command[5], command[1], command[2], self._rules))
        elif command[0] == "cancel":
            self._cancel(command[2])
        if self._is_open and self._b and not self._rules.is_binary:
            self._sweep()

    def _cancel(self, order_id: int) -> None:
        self._left[order_id], self.ends[order_id] = 0, "cancelled"

    def _left_of(self, order: Order) -> int:
        return self._left.get(order.order_id, order.remaining)

    def _queue(self, book: int, side: str) -> Iterator[tuple[int, list[Order]]]:
        """Levels, best first, with the orders that are left in them, earliest first."""
        levels, newcomer = self._market.books[book, side], self._newcomer
        own = newcomer.booked[2] if newcomer is not None and newcomer.booked[:2] == (book, side) else None
        for price in sorted(levels if own is None else {*levels, own}, reverse=side == "buy"):
            orders = [order for order in levels.get(price, {}).values() if self._left_of(order)]
            if newcomer is not None and price == own and self._left_of(newcomer):
                orders.append(newcomer)
            if orders:
                yield price, orders

    def _place(self, order: Order) -> None:
        taker = Taker(order, self._rules)
        self._walk(taker)
        order.quantity, order.status = order.spec[6] or taker.filled, "open"
        rests = taker.wants and not taker.stop and order.type == "limit" and order.time_in_force in ("gtc", "gtd")
        self._left[order.order_id] = taker.wants if rests else 0
        is_cut_short = taker.wants and (taker.stop != "budget" or order.spec[6] is not None)
        self.ends[order.order_id] = "open" if rests else "cancelled" if is_cut_short else "filled"
        self._newcomer = order if rests else None

    def _walk(self, taker: "Taker") -> None:
        """The better of book and maker rule at every step, up to the limit."""
        order, is_buy = taker.order, taker.is_buy
        against = is_buy is not order.is_mirrored
        for price, orders in self._queue(0 if self._rules.is_binary else order.outcome, "sell" if against else "buy"):
            asked = SCALE - price if order.is_mirrored else price
            if asked > taker.limit if is_buy else asked < taker.limit:
                break
            self._take_rule(taker, asked)
            for resting in orders:
                if not taker.wants or taker.stop:
                    return
                self._meet(taker, resting, asked, price)
            if not taker.wants or taker.stop:
                return
        self._take_rule(taker, taker.limit)

    def _meet(self, taker: "Taker", resting: Order, asked: int, booked: int) -> None:
        if resting.user_id == taker.order.user_id:
            if taker.order.spec[9] == "cancel_newest":
                taker.stop = "self_trade"
            else:
                taker.steps += 1
                self._cancel(resting.order_id)
            return
        if taker.steps >= STEPS_MAX:
            taker.stop = "steps"
            return
        left = self._left_of(resting)
        lots = taker.affordable(min(taker.wants, left), lambda lots: asked * lots, taker.fee_at(asked))
        if lots:
            fee = taker.pay(lots, asked * lots, taker.fee_at(asked)(lots))
            self._left[resting.order_id] = left - lots
            self.ends[resting.order_id] = "filled" if left == lots else "open"
            earned = maker_fee(self._rules, booked, left) - maker_fee(self._rules, booked, left - lots)
            order = taker.order
            kind = "transfer" if order.side != resting.side else "mint" if taker.is_buy else "merge"
            self.fills.append(
                [
                    kind, resting.booked[0], other(resting.booked[1]), booked, lots, booked * lots, order.order_id,
                    order.user_id, fee, resting.order_id, resting.user_id, earned,
                ]
            )  # fmt: skip

    def _take_rule(self, taker: "Taker", target: int) -> None:
        """Buy from the maker rule, or sell to it, until its price is ``target``."""
        b, outcome, sign = self._b, taker.order.outcome, 1 if taker.is_buy else -1
        if not b or not taker.wants or taker.stop:
            return
        lots = min(sign * lots_to_price(self._q, b, outcome, target), taker.wants)
        lots -= lots % self._rules.lot
        if lots <= 0:
            return

        def cost_of(quantity: int) -> int:
            return sign * rule_cost(self._q, b, outcome, sign * quantity)

        lots = taker.affordable(lots, cost_of, lambda quantity: taker.fee_of_cost(cost_of(quantity), quantity))
        cost = cost_of(lots)
        if lots and (cost <= target * lots if taker.is_buy else cost >= target * lots):
            fee = taker.pay(lots, cost, taker.fee_of_cost(cost, lots))
            self._q = moved(self._q, outcome, sign * lots)
            self._add_rule_fill(taker.order, lots, cost, fee)

    def _add_rule_fill(self, order: Order, lots: int, cost: int, fee: int) -> None:
        average = (2 * cost + lots) // (2 * lots)
        is_mirrored = order.is_mirrored
        book, side = (0, other(order.side)) if is_mirrored else (order.outcome, order.side)
        if self._rules.is_binary:
            book = 0
        price, booked = (SCALE - average, lots * SCALE - cost) if is_mirrored else (average, cost)
        row = ["rule", book, side, price, lots, booked, order.order_id, order.user_id, fee, None, MAKER, 0]
        self.fills.append(row)

    def _sweep(self) -> None:
        """A trade with the rule moves the prices of all outcomes: what rests on its wrong side is filled by it."""
        first, steps, before = len(self.fills), 0, -1
        while before != steps:
            before = steps
            for outcome in range(self._rules.outcomes):
                for side in ("buy", "sell"):
                    while steps < SWEEP_STEPS_MAX and self._fill_best(outcome, side):
                        steps += 1
        # All that one order got is told as one trade.
        joined: dict[int, list[Any]] = {}
        for row in self.fills[first:]:
            one = joined.setdefault(row[6], row)
            if one is not row:
                one[4], one[5], one[8] = one[4] + row[4], one[5] + row[5], one[8] + row[8]
                one[3] = (2 * one[5] + one[4]) // (2 * one[4])
        self.fills[first:] = joined.values()

    def _fill_best(self, outcome: int, side: str) -> bool:
        price, orders = next(self._queue(outcome, side), (0, []))
        if not orders:
            return False
        order, b, sign = orders[0], self._b, 1 if side == "buy" else -1
        left = self._left_of(order)
        lots = min(sign * lots_to_price(self._q, b, outcome, price), left)
        lots -= lots % self._rules.lot
        if lots <= 0:
            return False
        cost = sign * rule_cost(self._q, b, outcome, sign * lots)
        if sign * cost > sign * price * lots:
            return False
        fee = maker_fee(self._rules, price, left) - maker_fee(self._rules, price, left - lots)
        self._q = moved(self._q, outcome, sign * lots)
        self._left[order.order_id] = left - lots
        self.ends[order.order_id] = "filled" if left == lots else "open"
        self._add_rule_fill(order, lots, cost, fee)
        return True


class Taker:
    """What an order on its way still wants, and has paid; amounts in the outcome that it names."""

    def __init__(self, order: Order, rules: Rules) -> None:
        self.order, self._rules, self.is_buy = order, rules, order.side == "buy"
        quantity, self._budget = order.spec[6], order.spec[7]
        self.wants: int = quantity or LOTS_MAX // rules.lot * rules.lot
        self.limit: int = order.price or (SCALE - 1 if self.is_buy else 1)
        self.filled = self.steps = self._cost = self._fee = self._exact_fee = 0
        self.stop = ""

    def fee_at(self, price: int) -> Any:
        """Fees are exact until an order's sum is rounded up; in 1/100,000,000 of a cash unit."""
        bps = self._rules.taker_fee_bps
        return lambda lots: bps * price * (SCALE - price) * lots

    def fee_of_cost(self, cost: int, lots: int) -> int:
        bps, payout = self._rules.taker_fee_bps, lots * SCALE
        return ceil_div(bps * cost * (payout - cost) * SCALE, payout) if lots else 0

    def pay(self, lots: int, cost: int, exact_fee: int) -> int:
        """Note a trade; its fee."""
        self._exact_fee += exact_fee
        fee = ceil_div(self._exact_fee, SCALE * SCALE) - self._fee if exact_fee else 0
        self.steps += 1
        self.wants, self.filled = self.wants - lots, self.filled + lots
        self._cost, self._fee = self._cost + cost, self._fee + fee
        return fee

    def affordable(self, wanted: int, cost_of: Any, exact_fee_of: Any) -> int:
        """The most lots, of those wanted, that the rest of the budget pays for with their fee."""

        def is_affordable(lots: int) -> bool:
            fee = ceil_div(self._exact_fee + exact_fee_of(lots), SCALE * SCALE)
            return bool(self._cost + cost_of(lots) + fee <= self._budget)

        if self._budget is None or is_affordable(wanted):
            return wanted
        low, high, lot = 0, wanted // self._rules.lot, self._rules.lot
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if is_affordable(middle * lot) else (low, middle)
        self.stop = "budget"
        return low * lot


# --- Files --------------------------------------------------------------------------------------------------------


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of an export, one at a time; ``.jsonl`` has an object a line, anything else is CSV."""
    with path.open(newline="", encoding="utf-8") as file:
        if path.suffix == ".jsonl":
            yield from (json.loads(line) for line in file)
            return
        csv.field_size_limit(2**31 - 1)
        for row in csv.DictReader(file):
            data, actor = json.loads(row["data"]), row["actor_id"]
            yield {**row, "market_id": int(row["market_id"]), "seq": int(row["seq"]), "data": data,
                   "actor_id": int(actor) if actor else None}  # fmt: skip


def replay_rows(
    rows: Iterable[Mapping[str, Any]], decides: bool = True
) -> Iterator[tuple[Replay, dict[str, Any] | None]]:
    """Each market of an export, replayed, with the figures that it should come to."""
    for market_id, rows_of_market in groupby(rows, key=itemgetter("market_id")):
        group = iter(rows_of_market)
        head = next(group)
        if head["kind"] != "rules":
            raise ValueError(f"market {market_id} doesn't begin with its rules")
        market, figures = Replay({"market_id": market_id, **head["data"]}, decides), None
        for row in group:
            if row["kind"].startswith("figures."):
                figures = figures or {}
                name = row["kind"].partition(".")[2]
                figures[name] = [*figures.get(name, []), *row["data"]] if name in LISTS else row["data"]
            else:
                market.take(row)
        yield market, figures


#: Figures that are lists, which an export may give in several rows.
LISTS = ("levels", "orders", "positions", "cash", "held")


def compare(found: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    """Differences, a line each; figures that aren't given aren't compared."""
    differences = []
    for name in sorted(found.keys() & given.keys()):
        if name not in LISTS:
            if found[name] != given[name]:
                differences.append(f"{name}: {found[name]} by the journal, {given[name]} given")
            continue
        ours, theirs = {json.dumps(row) for row in found[name]}, {json.dumps(row) for row in given[name]}
        differences += [f"{name}: {row} by the journal only" for row in sorted(ours - theirs)]
        differences += [f"{name}: {row} given only" for row in sorted(theirs - ours)]
    return differences


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Rebuild markets from an exported journal and compare.")
    parser.add_argument("file", type=Path, help="an export, .csv or .jsonl")
    parser.add_argument("--figures", type=Path, help="JSON by market id, instead of those in the export")
    parser.add_argument("--no-decisions", action="store_true", help="don't match the commands again")
    options = parser.parse_args(arguments)
    mistakes = markets = 0
    try:
        given = json.loads(options.figures.read_text(encoding="utf-8")) if options.figures else None
        for market, figures in replay_rows(read_rows(options.file), not options.no_decisions):
            markets += 1
            wanted = figures if given is None else given.get(str(market.rules.market_id))
            found = market.mistakes + (compare(market.figures(), wanted) if wanted else [])
            mistakes += len(found)
            print(
                f"market {market.rules.market_id}: {market.seq} records, {market.commands} commands, "
                f"{market.decided} matched again, {len(market.fills)} trades, "
                f"{'no figures' if not wanted else 'equal' if not found else f'{len(found)} differences'}"
            )
            for mistake in found[:20]:
                print(f"  {mistake}")
    except (OSError, ValueError, KeyError, TypeError, IndexError) as problem:
        print(f"{options.file} can't be replayed: {problem!r}", file=sys.stderr)
        return 2
    return 1 if mistakes or not markets else 0


if __name__ == "__main__":
    sys.exit(main())
