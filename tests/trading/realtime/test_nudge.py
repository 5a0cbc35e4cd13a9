import threading
import time
from pathlib import Path

import pytest
import redis
from django.conf import settings

from trading.realtime import nudge as module
from trading.realtime.nudge import CHANNEL, REST_S, Nudger, nudge


def test_every_listener_hears_the_market_and_its_seq() -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client, client.pubsub(ignore_subscribe_messages=True) as listener:
        listener.subscribe(CHANNEL)
        listener.get_message(timeout=2)
        nudge(7, 1043)
        message = listener.get_message(timeout=2)

    assert message is not None
    assert message["data"] == b"7:1043"


def test_of_many_nudges_for_a_market_the_newest_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    nudger, published = Nudger(settings.REDIS_URL), []
    monkeypatch.setattr(nudger, "publish", lambda seqs: published.append(dict(seqs)))
    nudger._waiting = {7: 5, 8: 1}
    nudger._thread = module.threading.current_thread()
    nudger.add(7, 6)
    nudger.add(7, 4)
    nudger.flush()
    nudger.flush()
    assert published == [{7: 6, 8: 1}]


def test_a_thread_that_died_is_replaced_at_the_next_nudge(monkeypatch: pytest.MonkeyPatch) -> None:
    nudger, published = Nudger(settings.REDIS_URL), []
    is_out = threading.Event()
    monkeypatch.setattr(module.threading, "excepthook", lambda _: None)

    def publish(seqs: dict[int, int]) -> None:
        published.append(dict(seqs))
        is_out.set()
        raise RuntimeError("nobody expected this")

    monkeypatch.setattr(nudger, "publish", publish)
    for seq in (1, 2):
        nudger.add(7, seq)
        assert is_out.wait(5)
        assert nudger._thread is not None
        nudger._thread.join(5)
        is_out.clear()
    assert published == [{7: 1}, {7: 2}]


def test_without_redis_it_says_so_and_rests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nudger = Nudger(f"unix://{tmp_path}/nothing.sock")
    moment = time.monotonic()
    monkeypatch.setattr(module.time, "monotonic", lambda: moment)
    assert nudger.publish({1: 1}) is False

    monkeypatch.setattr(nudger, "_client", redis.Redis.from_url(settings.REDIS_URL))
    assert nudger.publish({1: 2}) is False, "a resting nudger must not try"
    monkeypatch.setattr(module.time, "monotonic", lambda: moment + REST_S)
    assert nudger.publish({1: 3}) is True
