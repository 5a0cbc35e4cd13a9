"""A real Prometheus against a running product: two web processes, worker and beat."""

import os
import signal

import pytest

from tests.deploy.conftest import Product, Prometheus, wait_for

pytestmark = pytest.mark.prometheus
REQUESTS = 'opinion_market_http_requests_total{method="GET",route="/api/v1/markets",status="200"}'
#: Those that were answered: on a busy machine one may take longer than Prometheus waits.
SCRAPES = 'sum_over_time(up{job="opinion-market"}[1h])'
SENT = 37


def counted(prometheus: Prometheus) -> float:
    return prometheus.number(f"last_over_time({REQUESTS}[1m])") or 0.0


def send(product: Product, count: int) -> None:
    assert [product.get("/api/v1/markets") for _ in range(count)] == [200] * count


def web_processes(prometheus: Prometheus) -> set[str]:
    return {labels["process"] for labels, _ in prometheus.query('opinion_market_process_info{role="web"}')}


def settled(prometheus: Prometheus, count: float) -> None:
    """The count comes, and some scrapes later it is still that: never one request too many."""
    wait_for(lambda: True if counted(prometheus) >= count else None, f"{count} counted requests")
    seen = prometheus.number(SCRAPES) or 0.0
    wait_for(lambda: True if (prometheus.number(SCRAPES) or 0.0) >= seen + 3 else None, "three scrapes")
    assert counted(prometheus) == count


def test_the_number_of_requests_sent_is_the_number_that_a_query_answers(
    product: Product, prometheus: Prometheus
) -> None:
    before = counted(prometheus)
    send(product, SENT)
    settled(prometheus, before + SENT)


def test_every_role_is_alive_and_a_job_was_counted(prometheus: Prometheus) -> None:
    def roles() -> dict[str, float]:
        rows = prometheus.query("count by (role) (opinion_market_process_info)")
        return {labels["role"]: number for labels, number in rows}

    wait_for(lambda: True if {"web", "worker", "beat"} <= set(roles()) else None, "every role")
    assert roles()["web"] == 2
    wait_for(lambda: prometheus.number("sum(opinion_market_tasks_total) > 0"), "a task")


def test_a_killed_web_process_takes_no_count_along(product: Product, prometheus: Prometheus) -> None:
    before = counted(prometheus)
    send(product, SENT)
    settled(prometheus, before + SENT)
    old = web_processes(prometheus)
    victim = sorted(old)[0]
    os.kill(int(victim.rpartition("-")[2]), signal.SIGKILL)
    wait_for(lambda: web_processes(prometheus) - old or None, "the process that replaces it", 60)
    wait_for(lambda: True if victim not in web_processes(prometheus) else None, "the end of its gauges")
    send(product, SENT)
    settled(prometheus, before + 2 * SENT)
    assert prometheus.number(f"resets({REQUESTS}[10m])") == 0


def test_every_rule_can_be_evaluated(prometheus: Prometheus) -> None:
    def rules() -> list[dict[str, str]]:
        return [rule for group in prometheus.api("rules")["groups"] for rule in group["rules"]]

    wait_for(lambda: True if all(rule["health"] != "unknown" for rule in rules()) else None, "evaluation")
    assert [(rule["name"], rule.get("lastError")) for rule in rules() if rule["health"] != "ok"] == []
    assert len(rules()) > 25


@pytest.mark.parametrize(
    "name",
    [
        "http_requests_total",
        "http_request_seconds_bucket",
        "db_query_seconds_bucket",
        "db_connections_held",
        "cache_reads_total",
        "sockets_open",
        "event_loop_lag_seconds_bucket",
        "process_resident_memory_bytes",
        "machine_cpu_ratio",
        "machine_memory_ratio",
        "redis_memory_bytes",
        "tasks_total",
        "task_seconds_bucket",
        "queue_age_seconds",
        "open_markets",
        "ledger_check",
        "settlement_lag_seconds",
        "django_model_inserts_total",
        "django_migrations_unapplied",
    ],
)
def test_every_part_of_the_site_tells_of_itself(product: Product, prometheus: Prometheus, name: str) -> None:
    product.get("/")
    wait_for(lambda: prometheus.number(f"count(opinion_market_{name})"), name)
