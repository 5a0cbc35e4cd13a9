import time
from pathlib import Path

import pytest
import redis
from django.conf import settings

from trading.realtime import nudge as module
from trading.realtime.nudge import CHANNEL, PAUSE_S, Nudger, nudge


def test_every_listener_hears_the_market_and_its_seq() -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client, client.pubsub(ignore_subscribe_messages=True) as listener:
        listener.subscribe(CHANNEL)
        listener.get_message(timeout=2)
        nudge(7, 1043)
        message = listener.get_message(timeout=2)

    assert message is not None
    assert message["data"] == b"7:1043"


def test_without_redis_it_says_so_and_rests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nudger = Nudger(f"unix://{tmp_path}/nothing.sock")
    moment = time.monotonic()
    monkeypatch.setattr(module.time, "monotonic", lambda: moment)
    assert nudger.publish("1:1") is False

    def fail(*args: object) -> None:
        raise AssertionError("a resting nudger must not try")

    monkeypatch.setattr(nudger._client, "publish", fail)
    assert nudger.publish("1:2") is False

    monkeypatch.setattr(nudger._client, "publish", lambda *args: 1)
    monkeypatch.setattr(module.time, "monotonic", lambda: moment + PAUSE_S)
    assert nudger.publish("1:3") is True
