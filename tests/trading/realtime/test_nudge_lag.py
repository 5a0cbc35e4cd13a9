import time

import pytest
from django.conf import settings

from trading.realtime.nudge import Nudger


@pytest.mark.redis
def test_what_was_announced_has_no_lag() -> None:
    nudger = Nudger(settings.REDIS_URL)
    assert nudger.lag_s == 0
    nudger._waiting, nudger._oldest_at = {1: 2}, time.monotonic() - 3
    assert 3 <= nudger.lag_s < 60
    nudger.flush()
    assert nudger.lag_s == 0


def test_the_lag_lasts_while_redis_takes_nothing() -> None:
    nudger = Nudger("redis://127.0.0.1:1/0")
    for _ in range(2):
        nudger._waiting = {1: 2}
        nudger._oldest_at = nudger._oldest_at or time.monotonic() - 3
        nudger.flush()
    assert nudger._waiting == {}
    assert 3 <= nudger.lag_s < 60
