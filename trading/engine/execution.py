"""Carrying out the steps of a match pass: who pays, who receives, what holds fall.

Contract   Each party is settled in their asked view: a buy pays cost and fee and gets shares, a sell gives
           shares and gets cost less fee. What the two sides pay in or take out beyond each other is the
           making or unmaking of sets, and goes to or from collateral.
"""

from common.money import PAYOUT_PER_LOT
from trading.engine.book import RestingOrder
from trading.engine.changes import Changes
from trading.engine.holds import fee_of_resting
from trading.engine.matching import Step
from trading.engine.mirror import is_mirrored, kind_of, other_cost, other_price
from trading.engine.pricing import average_price
from trading.types import COLLATERAL, FEES, MAKER, Fill, FillKind, OrderStatus, Side


def take_order(changes: Changes, taker: RestingOrder, maker: RestingOrder, step: Step) -> None:
    """Fill ``taker`` with a resting order at its price."""
    rules, quantity = changes.state.rules, step.quantity
    booked_cost = maker.price * quantity
    maker_cost = other_cost(booked_cost, quantity, is_mirrored(rules, maker.spec.outcome))
    maker_fee = fee_of_resting(rules, maker, quantity)
    kind = kind_of(taker.spec.side, maker.spec.side)
    if kind is not FillKind.TRANSFER:
        sets = quantity if kind is FillKind.MINT else -quantity
        changes.pay(COLLATERAL, sets * PAYOUT_PER_LOT)
    taker.filled += quantity
    _settle(changes, taker, quantity, step.cost, step.fee)
    reduce_resting(changes, maker, quantity)
    _settle(changes, maker, quantity, maker_cost, maker_fee)
    changes.add_fill(
        Fill(
            kind,
            maker.outcome,
            taker.side,
            maker.price,
            quantity,
            booked_cost,
            taker.order_id,
            taker.user_id,
            step.fee,
            maker.order_id,
            maker.user_id,
            maker_fee,
        )
    )


def take_rule(changes: Changes, taker: RestingOrder, quantity: int, cost: int, fee: int) -> None:
    """Trade with the maker rule; ``cost`` as asked. The taker's own ``filled`` is the caller's to change."""
    spec = taker.spec
    sign = 1 if spec.side is Side.BUY else -1
    changes.move_rule(spec.outcome, sign * quantity, sign * cost)
    _settle(changes, taker, quantity, cost, fee)
    mirrored = is_mirrored(changes.state.rules, spec.outcome)
    price = average_price(cost, quantity)
    changes.add_fill(
        Fill(
            FillKind.RULE,
            taker.outcome,
            taker.side,
            other_price(price, mirrored),
            quantity,
            other_cost(cost, quantity, mirrored),
            taker.order_id,
            taker.user_id,
            fee,
            None,
            MAKER,
            0,
        )
    )


def reduce_resting(changes: Changes, order: RestingOrder, quantity: int) -> None:
    """Take a filled quantity out of the book; the hold falls to that of the remainder."""
    state = changes.state
    changes.change_level(order, -quantity)
    state.books[order.outcome].side(order.side).reduce(order, quantity)
    remaining = order.quantity - order.filled
    changes.reserve(order)
    if remaining:
        changes.touch(order, OrderStatus.OPEN)
    else:
        state.drop_order(order)
        changes.touch(order, OrderStatus.FILLED)
    if state.links:
        changes.cut_link(order)


def _settle(changes: Changes, order: RestingOrder, quantity: int, cost: int, fee: int) -> None:
    order.cost += cost
    order.fee += fee
    if order.spec.side is Side.BUY:
        changes.pay(order.user_id, -cost - fee)
        changes.give_shares(order.user_id, order.spec.outcome, quantity)
    else:
        changes.pay(order.user_id, cost - fee)
        changes.give_shares(order.user_id, order.spec.outcome, -quantity)
    if fee:
        changes.pay(FEES, fee)
