"""One example of every command and of every frame's data, as the stream's document shows them."""

from typing import Any, Final

COMMAND_EXAMPLES: Final[dict[str, Any]] = {
    "subscribe": {
        "id": 1,
        "cmd": "subscribe",
        "params": {"channels": ["book", "trades"], "markets": [7], "resume_from": {"7": 1042}},
    },
    "update": {"id": 2, "cmd": "update", "params": {"sid": 1, "markets": [7, 8]}},
    "update_subscription": {"id": 3, "cmd": "update_subscription", "params": {"sid": 1, "add_markets": [9]}},
    "unsubscribe": {"id": 4, "cmd": "unsubscribe", "params": {"sid": 1}},
    "batch": {"id": 5, "cmd": "batch", "params": {"interval_ms": 100}},
    "list": {"id": 6, "cmd": "list"},
    "ping": {"id": 7, "cmd": "ping"},
}
GAP_EXAMPLE: Final = {
    "after_seq": 17,
    "detail": "What came after after_seq, up to seq, is not sent. Take a snapshot.",
}
_MOMENT: Final = "2026-11-22T09:30:00.123Z"
DATA_EXAMPLES: Final[dict[str, Any]] = {
    "book.snapshot": {
        "books": [{"outcome": "yes", "bids": [["0.6100", "25"]], "asks": [["0.6300", "10.5"]]}],
        "checksum": 2180413220,
    },
    "book.delta": {"changes": [{"outcome": "yes", "side": "bid", "price": "0.6100", "change": "-5"}]},
    "trade": {
        "line": 0,
        "outcome": "yes",
        "side": "buy",
        "price": "0.6200",
        "quantity": "5",
        "cost": "3.1",
        "kind": "transfer",
    },
    "ticker": {
        "status": "open",
        "prices": {"yes": "0.623411", "no": "0.376589"},
        "volume": "8120.5",
        "volume_24h": "310",
        "trades": 912,
        "traders": 31,
        "last_trade_at": _MOMENT,
    },
    "lifecycle": {"event": "halted", "data": {"reason": "The source is in doubt."}},
    "candle": {
        "outcome": "yes",
        "interval": "1m",
        "starts_at": "2026-11-22T09:30:00.000Z",
        "open": "0.610000",
        "high": "0.630000",
        "low": "0.610000",
        "close": "0.623411",
        "volume": "310",
        "trades": 12,
    },
    "order": {
        "id": 12,
        "client_order_id": "c-81",
        "outcome": "no",
        "side": "buy",
        "type": "limit",
        "time_in_force": "gtc",
        "status": "open",
        "price": "0.3800",
        "trigger_price": None,
        "post_only": False,
        "reduce_only": False,
        "linked_order_id": None,
        "order_group_id": None,
        "quantity": "10",
        "filled": "4",
        "remaining": "6",
        "average_price": "0.3800",
        "cost": "1.52",
        "fee": "0",
    },
    "fill": {
        "line": 0,
        "order_id": 12,
        "client_order_id": "c-81",
        "outcome": "no",
        "side": "buy",
        "price": "0.3800",
        "quantity": "4",
        "cost": "1.52",
        "fee": "0",
        "is_taker": False,
    },
    "position": {
        "holdings": [{"outcome": "no", "quantity": "4", "held": "0", "cost": "1.52", "average_price": "0.3800"}]
    },
    "notice": {
        "code": "order_cancelled",
        "detail": "Order 12 rests no longer, 4 filled. The other order of its pair traded or ended.",
        "order_id": 12,
        "client_order_id": "c-81",
    },
}
