"""Refusals of commands on a market, one class per stable code.

DomainError
    OrderError                     everything below; never raised itself
        MarketNotOpen              order.market_not_open
        OrderExpired               order.expired
        OutcomeUnknown             order.outcome_unknown
        PriceRequired              order.price_required
        ExpiryInvalid              order.expiry_invalid
        PostOnlyInvalid            order.post_only_invalid
        CostMaxInvalid             order.cost_max_invalid
        ReduceOnlyInvalid          order.reduce_only_invalid
        ProceedsMinInvalid         order.proceeds_min_invalid
        PriceOutOfRange            order.price_out_of_range
        PriceOffGrid               order.price_off_grid
        QuantityInvalid            order.quantity_invalid
        InsufficientShares         order.insufficient_shares
        TriggerInvalid             order.trigger_invalid
        WouldTrigger               order.would_trigger
        PairInvalid                order.pair_invalid
        PostOnlyPeriod             order.post_only_period
        PriceOutOfBand             order.price_out_of_band
        AmendInvalid               order.amend_invalid
        WouldTrade                 order.would_trade
        NotFilled                  order.not_filled
        ProceedsNotReached         order.proceeds_not_reached
        NoLiquidity                order.no_liquidity
        SizeLimit                  order.size_limit
        OpenOrdersLimit            order.open_orders_limit
        PositionLimit              order.position_limit
        InsufficientFunds          order.insufficient_funds
        OutcomesInvalid            order.outcomes_invalid
        NoMakerRule                liquidity.no_maker_rule
        LiquidityTooMuch           liquidity.too_much
        LiquidityNotProvided       liquidity.not_provided
        OrderNotFound              order.not_found
        GroupNotFound              order.group_not_found
        GroupsTooMany              order.groups_too_many
        GroupTripped               order.group_tripped
        ClientOrderIdReused        order.client_order_id_reused
    GrantInvalid                   account.grant_invalid
    TraderNotFound                 trader.not_found
    LimitsInvalid                  limits.invalid
    MarketNotOver                  market.not_over
    UndoNotSettled                 settlement.not_settled   nothing has been paid
    UndoWindowOver                 settlement.window_over
    SettlementNotKept              settlement.not_kept      paid before what was paid for was kept
    SettlementSpent                settlement.spent         somebody who was paid has spent it
    TradingBusy                    trading.busy

Listed in the order in which they are checked. Status 409 says "the market or account stands in the
way", 422 "the request itself has to change", 404 "no such thing of yours".
"""

from typing import ClassVar, Final

from common.errors import DomainError
from trading.types import Refusal


class OrderError(DomainError):
    """A command on a market was refused and changed nothing."""

    code: ClassVar[str] = "order.refused"
    title: ClassVar[str] = "The order was refused."


class MarketNotOpen(OrderError):
    code = "order.market_not_open"
    title = "The market isn't open for trading."
    status = 409


class OrderExpired(OrderError):
    code = "order.expired"
    title = "The order came too late."


class OutcomeUnknown(OrderError):
    code = "order.outcome_unknown"
    title = "The market has no such outcome."


class PriceRequired(OrderError):
    code = "order.price_required"
    title = "A limit order needs a price."


class ExpiryInvalid(OrderError):
    code = "order.expiry_invalid"
    title = "The order can't end by itself like this."


class PostOnlyInvalid(OrderError):
    code = "order.post_only_invalid"
    title = "post_only doesn't go with this order."


class CostMaxInvalid(OrderError):
    code = "order.cost_max_invalid"
    title = "The maximal cost isn't usable."


class ReduceOnlyInvalid(OrderError):
    code = "order.reduce_only_invalid"
    title = "reduce_only doesn't go with this order."


class ProceedsMinInvalid(OrderError):
    code = "order.proceeds_min_invalid"
    title = "The minimal proceeds aren't usable."


class PriceOutOfRange(OrderError):
    code = "order.price_out_of_range"
    title = "The price is outside the range."


class PriceOffGrid(OrderError):
    code = "order.price_off_grid"
    title = "The price is between two steps of the grid."


class QuantityInvalid(OrderError):
    code = "order.quantity_invalid"
    title = "The quantity isn't usable."


class InsufficientShares(OrderError):
    code = "order.insufficient_shares"
    title = "You don't have that many free shares."
    status = 409


class TriggerInvalid(OrderError):
    code = "order.trigger_invalid"
    title = "The stop can't wait like this."


class WouldTrigger(OrderError):
    code = "order.would_trigger"
    title = "The price is beyond the trigger already."
    status = 409


class PairInvalid(OrderError):
    code = "order.pair_invalid"
    title = "These two orders aren't a pair."


class PostOnlyPeriod(OrderError):
    code = "order.post_only_period"
    title = "The market takes only orders that rest for now."
    status = 409


class PriceOutOfBand(OrderError):
    code = "order.price_out_of_band"
    title = "The price is too far from where the market is."
    status = 409


class AmendInvalid(OrderError):
    code = "order.amend_invalid"
    title = "The order can't be amended like this."
    status = 409


class WouldTrade(OrderError):
    code = "order.would_trade"
    title = "A post-only order would trade at once."
    status = 409


class NotFilled(OrderError):
    code = "order.not_filled"
    title = "The whole order can't be filled at once."
    status = 409


class ProceedsNotReached(OrderError):
    code = "order.proceeds_not_reached"
    title = "A sale doesn't bring that much now."
    status = 409


class NoLiquidity(OrderError):
    code = "order.no_liquidity"
    title = "There is nobody to trade with."
    status = 409


class SizeLimit(OrderError):
    code = "order.size_limit"
    title = "The order is larger than you may place here."
    status = 409


class OpenOrdersLimit(OrderError):
    code = "order.open_orders_limit"
    title = "You have as many open orders here as you may."
    status = 409


class PositionLimit(OrderError):
    code = "order.position_limit"
    title = "The position would be larger than you may hold."
    status = 409


class InsufficientFunds(OrderError):
    code = "order.insufficient_funds"
    title = "You don't have enough available credits."
    status = 409


class OutcomesInvalid(OrderError):
    code = "order.outcomes_invalid"
    title = "NO on these outcomes can't be converted."


class NoMakerRule(OrderError):
    code = "liquidity.no_maker_rule"
    title = "The market has no maker rule."
    status = 409


class LiquidityTooMuch(OrderError):
    code = "liquidity.too_much"
    title = "The maker rule can't hold so much liquidity."


class LiquidityNotProvided(OrderError):
    code = "liquidity.not_provided"
    title = "You don't provide that much liquidity."
    status = 409


class OrderNotFound(OrderError):
    code = "order.not_found"
    title = "There is no such open order of yours."
    status = 404


class GroupNotFound(OrderError):
    code = "order.group_not_found"
    title = "There is no such order group of yours."
    status = 404


class GroupsTooMany(OrderError):
    code = "order.groups_too_many"
    title = "You have as many order groups as one may have."
    status = 409


class GroupTripped(OrderError):
    code = "order.group_tripped"
    title = "The order group has tripped."
    status = 409


class ClientOrderIdReused(OrderError):
    code = "order.client_order_id_reused"
    title = "This client order id was used for another request."
    status = 409


class GrantInvalid(DomainError):
    code = "account.grant_invalid"
    title = "These credits can't be given."


class TraderNotFound(DomainError):
    code = "trader.not_found"
    title = "There is no such trader."
    status = 404


class LimitsInvalid(DomainError):
    code = "limits.invalid"
    title = "These limits can't be set."


class MarketNotOver(DomainError):
    code = "market.not_over"
    title = "The market isn't over yet."
    status = 409


class UndoNotSettled(DomainError):
    code = "settlement.not_settled"
    title = "There is no settlement to undo."
    status = 409


class UndoWindowOver(DomainError):
    code = "settlement.window_over"
    title = "The settlement can't be undone any more."
    status = 409


class SettlementNotKept(DomainError):
    code = "settlement.not_kept"
    title = "The settlement can't be undone."
    status = 409


class SettlementSpent(DomainError):
    code = "settlement.spent"
    title = "What was paid has been spent."
    status = 409


class TradingBusy(DomainError):
    """Nothing was decided, or it isn't known; the same request with the same client order id tells."""

    code = "trading.busy"
    title = "The market can't take more orders at this moment."
    status = 503


ERRORS_BY_CODE: Final[dict[str, type[OrderError]]] = {error.code: error for error in OrderError.__subclasses__()}


def error_from(refusal: Refusal) -> OrderError:
    """The exception that tells a refusal of the engine to the one who asked."""
    return ERRORS_BY_CODE[refusal.code](refusal.detail, field=refusal.pointer, extra=refusal.extra)
