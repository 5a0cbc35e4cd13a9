"""The capacity model is arithmetic, and its guide is what it says."""

import json

import pytest

from scripts.capacity.document import GUIDE, MEASURED, written
from scripts.capacity.model import Habits, Units, limits, need_of, number

UNITS = Units(
    web_ms_per_order=3.0,
    database_ms_per_order=2.0,
    redis_ms_per_order=0.1,
    redis_ms_per_hearing=0.001,
    proxy_ms_per_order=0.05,
    web_ms_per_read=1.0,
    database_ms_per_read=0.5,
    web_ms_per_frame=0.01,
    web_bytes_per_socket=50_000,
    wal_bytes_per_order=4_000,
    disk_bytes_per_order=2_000,
    trades_per_order=0.5,
    web_process_bytes=100_000_000,
)


def test_a_site_of_ten_thousand() -> None:
    need = need_of(10_000, UNITS, Habits())
    # 500 online, two orders and six reads a minute each.
    assert need.orders_per_s == pytest.approx(500 * 2 / 60)
    assert need.reads_per_s == pytest.approx(50)
    assert (need.sockets, need.frames_per_s, need.web_processes) == (500, 500, 2)
    assert need.web_cores == pytest.approx((500 / 30 * 3 + 50 * 1 + 500 * 0.01) / 1_000 / 0.6)
    assert need.database_cores == pytest.approx((500 / 30 * 2 + 50 * 0.5) / 1_000 / 0.6)
    # Two processes hear of each order.
    assert need.redis_cores == pytest.approx(500 / 30 * (0.1 + 2 * 0.001) / 1_000 / 0.6)
    assert need.web_bytes == pytest.approx(2 * 100e6 + 500 * 50_000)
    assert need.wal_bytes_per_s == pytest.approx(500 / 30 * 4_000)
    assert need.disk_bytes_per_year == pytest.approx(500 / 30 / 4 * 86_400 * 365 * 2_000)


def test_needs_grow_with_traders() -> None:
    one, ten = need_of(100_000, UNITS, Habits()), need_of(1_000_000, UNITS, Habits())
    assert ten.orders_per_s == pytest.approx(10 * one.orders_per_s)
    assert ten.database_cores == pytest.approx(10 * one.database_cores)
    # 50,000 sockets at 2,000 a process, when CPU asks for fewer.
    assert need_of(1_000_000, UNITS, Habits(orders_per_online_minute=0, reads_per_online_minute=0)).web_processes == 25


def test_limits_come_in_the_order_in_which_they_are_met() -> None:
    found = limits(UNITS, Habits(), market_orders_per_s=1_000)
    assert [limit.traders for limit in found] == sorted(limit.traders for limit in found)
    sockets = next(limit for limit in found if "sockets" in limit.what)
    assert sockets.traders == pytest.approx(200_000)
    # Hearing grows with orders and with processes: twice the traders are more than twice the work.
    redis = next(limit for limit in found if "Redis" in limit.what)
    assert need_of(int(redis.traders) - 1, UNITS, Habits()).redis_cores < 1
    assert need_of(int(redis.traders), UNITS, Habits()).redis_cores >= 1
    # A fifth of all orders meet there, and its line may be full to 60 %.
    hot = next(limit for limit in found if "hottest" in limit.what)
    assert hot.traders == pytest.approx(1_000 * 0.6 / 0.2 / (0.05 * 2 / 60))


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.0123, "0.012"), (7.0, "7"), (42.4, "42"), (1_234.5, "1,200"), (987_654, "990,000")],
)
def test_numbers_have_two_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text


def test_the_guide_is_what_the_model_computes() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    assert written(text, json.loads(MEASURED.read_text(encoding="utf-8"))) == text, "run: python -m scripts.capacity"
