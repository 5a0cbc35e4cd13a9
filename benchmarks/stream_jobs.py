"""What the benchmark of the stream runs inside Django: people with keys, and deltas at an even pace."""

import json
import secrets
import sys
import time
from collections.abc import Callable
from itertools import cycle
from typing import Any, Final

from accounts.services.create_api_key import create_api_key
from accounts.services.create_user import create_user
from accounts.types import Role
from benchmarks.jobs import Traders
from trading.selectors.stream import stream_heads


def listeners(*, count: int) -> list[str]:
    """Keys of new traders."""
    return [_key() for _ in range(count)]


def _key() -> str:
    handle = f"listener{secrets.token_hex(6)}"
    user = create_user(handle=handle, email=f"{handle}@example.org", password=None, roles=(Role.TRADER,))
    return create_api_key(user_id=user.pk, name="stream", scopes=["read"]).secret


def trade(*, markets: list[int], users: list[int], per_second: float, batch: int, seconds: float) -> list[list[float]]:
    """Execute ``per_second`` commands on the markets in turn, ``batch`` at once; (market, seq, moment committed).

    Every accepted command is a journal record and so a delta.
    """
    traders = {market: Traders(market, users, market) for market in markets}
    seqs = stream_heads(markets)
    told: list[list[float]] = []
    began, sent = time.monotonic(), 0
    for market in cycle(markets):
        due = began + sent / per_second
        if due >= began + seconds:
            return told
        time.sleep(max(due - time.monotonic(), 0.0))
        accepted = traders[market].execute(batch)
        committed = time.time()
        told += [[market, seqs[market] + number, committed] for number in range(1, accepted + 1)]
        seqs[market] += accepted
        sent += batch
    return told


JOBS: Final[dict[str, Callable[..., Any]]] = {"listeners": listeners, "trade": trade}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
