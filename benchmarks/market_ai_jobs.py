"""What the benchmark of market models runs inside Django."""

import json
import math
import random
import sys
import time
from typing import Any, Final

from django.db import connection

from analytics.market_ai.models import ModelVersion
from analytics.market_ai.services.refresh_predictions import refresh_predictions
from analytics.market_ai.services.train_model import train_model
from analytics.market_ai.types import Contract, ModelStatus, Tick

_DAY_S: Final = 86_400.0
_MARKET_IDS: Final = "SELECT id FROM markets_market WHERE status = 'open' ORDER BY id"
#: Three minutes with trades by several people, as the exchange would have left them.
_TRADED: Final = (
    """
    INSERT INTO trading_candle (market_id, outcome, interval, starts_at, open, high, low, close, volume, trades)
    SELECT m.id, 0, '1m', date_trunc('minute', now()) - interval '1 hour' + n * interval '1 minute',
        400000 + n * 9000, 400000 + n * 9000, 400000 + n * 9000, 400000 + n * 9000, 500000000, 2
    FROM markets_market m, generate_series(1, 40) AS n WHERE m.status = 'open'
    """,
    """
    UPDATE trading_marketbook SET prices = '{760000,240000}', volume = 20000000000, trades = 80, traders = 12
    """,
)


def contracts(count: int) -> list[Contract]:
    """Contracts whose prices lie halfway between what is true and one half."""
    luck, found = random.Random(11), []
    for number in range(count):
        odds, opened = luck.gauss(0.0, 1.6), 1_600_000_000.0 + number * _DAY_S / 4
        prices = [1.0 / (1.0 + math.exp(-(odds / 2.0 + luck.gauss(0.0, 0.1)))) for _ in range(4)]
        ticks = tuple(
            Tick(opened + place * _DAY_S, price, 10.0 * place, place, place) for place, price in enumerate(prices)
        )
        chance = 1.0 / (1.0 + math.exp(-odds))
        found.append(
            Contract(
                key=f"made/{number}",
                source="",
                category="made",
                group=str(number),
                question="",
                opened_at=opened,
                closes_at=opened + 5 * _DAY_S,
                ends_at=opened + 5 * _DAY_S,
                known_at=opened + 6 * _DAY_S,
                outcome=int(luck.random() < chance),
                ticks=ticks,
            )
        )
    return found


def train(*, count: int) -> dict[str, Any]:
    """Train on ``count`` contracts of four moments each, and make the model live."""
    made = contracts(count)
    began, spent = time.perf_counter(), time.process_time()
    model = train_model(contracts=made, data_sha256="0" * 64, origin="the benchmark")
    # Whatever its worth: what is measured next is how fast it answers.
    ModelVersion.objects.filter(pk=model.pk).update(status=ModelStatus.LIVE)
    return {
        "seconds": time.perf_counter() - began,
        "cpu_s": time.process_time() - spent,
        "bytes": len(model.artefact),
    }


def estimate() -> dict[str, Any]:
    """Estimate every open market."""
    with connection.cursor() as cursor:
        for statement in _TRADED:
            cursor.execute(statement)
        cursor.execute(_MARKET_IDS)
        market_ids = [row[0] for row in cursor.fetchall()]
    began = time.perf_counter()
    count = refresh_predictions(markets_max=len(market_ids))
    seconds = time.perf_counter() - began
    return {"markets": market_ids, "count": count, "seconds": seconds}


if __name__ == "__main__":
    jobs: dict[str, Any] = {"train": train, "estimate": estimate}
    print(json.dumps(jobs[sys.argv[1]](**json.loads(sys.argv[2]))))
