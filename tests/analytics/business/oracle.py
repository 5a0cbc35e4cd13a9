"""The figures of a day by brute force: every row of ledger, trades, orders and people, one by one, in Python."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

from accounts.models import User
from markets.models import MarketEvent
from trading.models import Account, LedgerEntry, Order, Trade


def day_of(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def figures() -> dict[date, Counter[str]]:
    """Every day that has anything, by measure."""
    days: dict[date, Counter[str]] = defaultdict(Counter)
    _add_trades(days)
    for order in Order.objects.all():
        days[day_of(order.created_at)]["orders"] += 1
    for event in MarketEvent.objects.filter(kind__in=["created", "opened", "resolved", "voided", "disputed"]):
        days[day_of(event.at)][event.kind] += 1
    _add_ledger(days)
    for user in User.objects.all():
        days[day_of(user.date_joined)]["sign_ups"] += 1
    return days


def _add_trades(days: dict[date, Counter[str]]) -> None:
    bought: dict[tuple[date, int, int], Counter[tuple[int, int]]] = defaultdict(Counter)
    for trade in Trade.objects.all():
        day = day_of(trade.created_at)
        is_rule = trade.maker_id is None
        days[day].update(
            trades=1,
            quantity=trade.quantity,
            volume=trade.cost,
            rule_volume=trade.cost if is_rule else 0,
            taker_fees=trade.taker_fee,
            maker_fees=trade.maker_fee,
            impact=abs(trade.probability - trade.price * 100),
        )
        if not is_rule:
            buyer, seller = trade.taker_id, trade.maker_id
            if trade.taker_side == "sell":
                buyer, seller = seller, buyer
            bought[day, trade.market_id, trade.outcome][buyer, seller] += trade.quantity
    for (day, _, _), pairs in bought.items():
        people = {person for pair in pairs for person in pair}
        for one, other in combinations(sorted(people), 2):
            days[day]["wash_quantity"] += 2 * min(pairs[one, other], pairs[other, one])


def _add_ledger(days: dict[date, Counter[str]]) -> None:
    issued: Counter[int] = Counter()
    kinds = dict(Account.objects.values_list("pk", "kind"))
    for entry in LedgerEntry.objects.select_related("transfer").order_by("pk"):
        day, kind, transfer = day_of(entry.transfer.created_at), kinds[entry.account_id], entry.transfer
        if kind == "fees" and transfer.kind != "fees":
            days[day]["fee_income"] += entry.amount
            days[day]["fees_refunded"] -= entry.amount if transfer.kind == "void" else 0
        if kind == "wallet" and transfer.kind == "grant":
            days[day]["granted"] += entry.amount
        if kind == "wallet" and transfer.kind in ("settlement", "void"):
            days[day]["paid_out"] += entry.amount
        if kind == "issuance" and transfer.kind == "subsidy":
            days[day]["subsidies_paid" if entry.amount < 0 else "subsidies_returned"] += abs(entry.amount)
            issued[transfer.market_id] += entry.amount
    for event in MarketEvent.objects.filter(kind="settled"):
        days[day_of(event.at)]["maker_result"] += issued[event.market_id]
        days[day_of(event.at)]["settled"] += 1


def active(until: date, span: int) -> int:
    """Different people with an order in the ``span`` days that end with ``until``."""
    wanted = {until - timedelta(days=back) for back in range(span)}
    return len({order.user_id for order in Order.objects.all() if day_of(order.created_at) in wanted})
