from monitoring.types import Thresholds
from monitoring.web.status import status_of

LIMITS = {
    "cpu_usage": Thresholds(70, 85),
    "response_time": Thresholds(100, 200),
    "cache_hit_rate": Thresholds(70, 30),
    "ledger_check": Thresholds(0, 0),
    "health_score": Thresholds(80, 40),
}


def test_nothing_measured_is_not_fine() -> None:
    status = status_of({"cpu_usage": None}, LIMITS)
    assert (status.state, status.head) == ("unknown", "No measurements are arriving")


def test_within_the_limits_is_fine() -> None:
    status = status_of({"cpu_usage": 12.0, "throughput": 900.0, "queue_age": None}, LIMITS)
    assert (status.state, status.head) == ("good", "Everything is fine")
    assert status.more == "All 2 measured values are within their limits."


def test_one_past_its_limit_is_named_with_its_value() -> None:
    assert status_of({"cpu_usage": 71.0}, LIMITS).state == "warning"
    assert status_of({"cpu_usage": 71.0}, LIMITS).head == "CPU high at 71.0%"
    assert status_of({"cache_hit_rate": 20.0}, LIMITS).head == "Cache hits low at 20.0%"
    assert status_of({"response_time": 250.0}, LIMITS).head == "Response time high at 250 ms"
    assert status_of({"ledger_check": 0.0}, LIMITS).head == "Ledger check broken"


def test_of_several_the_critical_comes_first() -> None:
    status = status_of({"cpu_usage": 71.0, "response_time": 250.0, "health_score": 38.0}, LIMITS)
    assert (status.state, status.head) == ("critical", "Response time and 1 more need attention")
    assert status.more == "Response time high at 250 ms · CPU high at 71.0% · the rest is within its limits"
