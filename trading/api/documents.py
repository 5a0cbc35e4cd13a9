"""What the API says of markets, orders and portfolios: decimal strings and RFC 3339 times."""

from datetime import datetime
from typing import Any

from common.clock import rfc3339
from common.money import format_cash, format_price, format_quantity
from common.paging import Page
from markets.selectors.scales import value_text
from trading.api.scale_documents import distribution_document, scale_document
from trading.selectors.accounts import AccountView, LedgerLine
from trading.selectors.books import BookLevel, BookView
from trading.selectors.candles import CandleView
from trading.selectors.fills import FillView
from trading.selectors.market_cards import MarketCard, OutcomeView
from trading.selectors.market_detail import MarketDetail
from trading.selectors.market_pulse import MarketPulse
from trading.selectors.orders import OrderRow
from trading.selectors.positions import PositionView
from trading.selectors.trades import TradeView
from trading.types import named_ends

Document = dict[str, Any]


def page_document(page: Page[Any], items: list[Document]) -> Document:
    return {"items": items, "next_cursor": page.next_cursor}


def probability(micro: int | None) -> str | None:
    """1/1,000,000 as ``"0.623411"``."""
    return None if micro is None else f"{micro // 1_000_000}.{micro % 1_000_000:06d}"


def moment(at: datetime | None) -> str | None:
    return None if at is None else rfc3339(at)


def payouts(ticks: tuple[int, ...] | None) -> list[str] | None:
    return None if ticks is None else [format_price(tick) for tick in ticks]


def _outcome(view: OutcomeView) -> Document:
    return {
        "slug": view.slug,
        "name": view.name,
        "price": probability(view.price),
        "price_24h_ago": probability(view.price_24h_ago),
    }


def card_document(card: MarketCard) -> Document:
    return {
        "id": card.id,
        "slug": card.slug,
        "question": card.question,
        "kind": card.kind,
        "status": card.status,
        "topic": {"slug": card.topic, "name": card.topic_name},
        "tags": list(card.tags),
        "event_group": card.event_group,
        "outcomes": [_outcome(outcome) for outcome in card.outcomes],
        "volume": format_cash(card.volume),
        "volume_24h": format_cash(card.volume_24h),
        "trades": card.trades,
        "traders": card.traders,
        "last_trade_at": moment(card.last_trade_at),
        "created_at": rfc3339(card.created_at),
        "opened_at": moment(card.opened_at),
        "closes_at": rfc3339(card.closes_at),
        "resolved_at": moment(card.resolved_at),
        "payouts": payouts(card.payouts),
        "seq": card.seq,
    }


def detail_document(detail: MarketDetail) -> Document:
    return card_document(detail) | {
        "description": detail.description,
        "rules": detail.rules,
        "resolution_source": detail.resolution_source,
        "creator": detail.creator,
        "source": detail.source,
        "liquidity": format_quantity(detail.liquidity),
        "maker_quantities": [format_quantity(lots) for lots in detail.maker_quantities],
        "taker_fee_bps": detail.taker_fee_bps,
        "maker_fee_bps": detail.maker_fee_bps,
        "tick_size": format_price(detail.tick),
        "lot_size": format_quantity(detail.lot),
        "closed_at": moment(detail.closed_at),
        "challenge_window_s": detail.challenge_window_s,
        "resolution_policy": detail.resolution_policy,
        "answer_source": _answer_source(detail),
        "scale": scale_document(detail.kind, detail.scale),
        "distribution": None,
        "value": None if detail.resolved_value is None else value_text(detail.kind, detail.resolved_value),
        "proposal": _proposal(detail),
        "settled_at": moment(detail.settled_at),
        "post_only_until": moment(detail.post_only_until),
    }


def _answer_source(detail: MarketDetail) -> Document | None:
    if not detail.answer_url:
        return None
    return {
        "url": detail.answer_url,
        "pointer": detail.answer_pointer,
        "rule": detail.answer_rule,
        "delay_s": detail.answer_delay_s,
        "evidence": detail.answer_evidence,
        "failure": detail.answer_failure,
    }


def _proposal(detail: MarketDetail) -> Document | None:
    if detail.proposed_payouts is None:
        return None
    return {
        "payouts": payouts(detail.proposed_payouts),
        "value": None if detail.proposed_value is None else value_text(detail.kind, detail.proposed_value),
        "reason": detail.proposal_reason,
        "proposed_by": detail.proposer or None,
        "proposed_at": moment(detail.proposed_at),
        "challenge_ends_at": moment(detail.challenge_ends_at),
        "dispute_reason": detail.dispute_reason,
    }


def with_pulse(static: Document, pulse: MarketPulse) -> Document:
    """``detail_document`` with everything that trading changes as of ``pulse``."""
    outcomes = [
        {
            "slug": outcome["slug"],
            "name": outcome["name"],
            "price": probability(_item(pulse.prices, index)),
            "price_24h_ago": probability(_item(pulse.prices_24h_ago, index)),
        }
        for index, outcome in enumerate(static["outcomes"])
    ]
    return static | {
        "outcomes": outcomes,
        "distribution": distribution_document(static["kind"], static["scale"], outcomes, pulse.prices),
        "volume": format_cash(pulse.volume),
        "volume_24h": format_cash(pulse.volume_24h),
        "trades": pulse.trades,
        "traders": pulse.traders,
        "last_trade_at": moment(pulse.last_trade_at),
        "liquidity": format_quantity(pulse.liquidity),
        "maker_quantities": [format_quantity(lots) for lots in pulse.maker_quantities],
        "seq": pulse.seq,
    }


def _item(values: list[int], index: int) -> int | None:
    return values[index] if index < len(values) else None


def book_document(book: BookView) -> Document:
    return {
        "market_id": book.market_id,
        "seq": book.seq,
        "books": [
            {"outcome": side.slug, "bids": _levels(side.bids), "asks": _levels(side.asks)} for side in book.outcomes
        ],
    }


def _levels(levels: tuple[BookLevel, ...]) -> list[list[str]]:
    return [[format_price(level.price), format_quantity(level.quantity)] for level in levels]


def trade_document(trade: TradeView) -> Document:
    return {
        "id": trade.id,
        "seq": trade.seq,
        "kind": trade.kind,
        "outcome": trade.outcome_slug,
        "side": trade.taker_side,
        "price": format_price(trade.price),
        "quantity": format_quantity(trade.quantity),
        "cost": format_cash(trade.cost),
        "price_after": probability(trade.probability),
        "taker": trade.taker,
        "maker": trade.maker or None,
        "created_at": rfc3339(trade.created_at),
    }


def candle_document(candle: CandleView) -> Document:
    return {
        "starts_at": rfc3339(candle.starts_at),
        "open": probability(candle.open),
        "high": probability(candle.high),
        "low": probability(candle.low),
        "close": probability(candle.close),
        "volume": format_cash(candle.volume),
        "trades": candle.trades,
    }


def order_document(order: OrderRow) -> Document:
    """The same fields as the answer to a new order, without its fills and account."""
    valid_until, expires_at = named_ends(order.time_in_force, order.valid_until)
    return {
        "id": order.id,
        "market_id": order.market_id,
        "outcome": order.outcome_slug,
        "side": order.side,
        "type": order.type,
        "time_in_force": order.time_in_force,
        "price": None if order.price is None else format_price(order.price),
        "trigger_price": None if order.trigger_price is None else format_price(order.trigger_price),
        "quantity": format_quantity(order.quantity),
        "max_cost": None if order.cost_max is None else format_cash(order.cost_max),
        "min_proceeds": None if order.proceeds_min is None else format_cash(order.proceeds_min),
        "post_only": order.post_only,
        "reduce_only": order.reduce_only,
        "self_trade_policy": order.self_trade_policy,
        "valid_until": moment(valid_until),
        "expires_at": moment(expires_at),
        "client_order_id": order.client_order_id,
        "linked_order_id": order.linked_to,
        "order_group_id": order.group_id,
        "status": order.status,
        "filled": format_quantity(order.filled),
        "remaining": format_quantity(order.remaining),
        "average_price": _average_price(order.cost, order.filled),
        "cost": format_cash(order.cost),
        "fee": format_cash(order.fee),
        "seq": order.seq,
        "created_at": rfc3339(order.created_at),
        "updated_at": rfc3339(order.updated_at),
    }


def _average_price(cost: int, filled: int) -> str | None:
    """Credits a share: four places, up to six where the average needs them."""
    if not filled:
        return None
    text = probability((200 * cost + filled) // (2 * filled)) or ""
    return text[:-2] + text[-2:].rstrip("0")


def fill_document(fill: FillView) -> Document:
    return {
        "id": fill.id,
        "order_id": fill.order_id,
        "market_id": fill.market_id,
        "outcome": fill.outcome_slug,
        "side": fill.side,
        "role": "maker" if fill.is_maker else "taker",
        "price": format_price(fill.price),
        "quantity": format_quantity(fill.quantity),
        "cost": format_cash(fill.cost),
        "fee": format_cash(fill.fee),
        "seq": fill.seq,
        "created_at": rfc3339(fill.created_at),
    }


def position_document(position: PositionView) -> Document:
    average, value, profit = position.average_price, position.value, position.profit
    return {
        "market_id": position.market_id,
        "market_slug": position.market_slug,
        "question": position.question,
        "market_status": position.market_status,
        "outcome": position.outcome_slug,
        "quantity": format_quantity(position.quantity),
        "held": format_quantity(position.held),
        "cost": format_cash(position.cost),
        "average_price": None if average is None else format_price(average),
        "price": probability(position.price),
        "value": None if value is None else format_cash(value),
        "profit": None if profit is None else format_cash(profit),
        "payout": format_cash(position.payout),
        "updated_at": rfc3339(position.updated_at),
    }


def account_document(account: AccountView) -> Document:
    return {
        "user_id": account.user_id,
        "handle": account.handle,
        "cash": format_cash(account.cash),
        "held": format_cash(account.held),
        "available": format_cash(account.available),
    }


def line_document(line: LedgerLine) -> Document:
    return {
        "id": line.id,
        "kind": line.kind,
        "amount": format_cash(line.amount),
        "balance": format_cash(line.balance),
        "market_id": line.market_id,
        "market_slug": line.market_slug or None,
        "seq": line.seq,
        "memo": line.memo,
        "created_at": rfc3339(line.created_at),
    }
