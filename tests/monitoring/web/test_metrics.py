from unittest.mock import patch

import pytest
import redis
from django.test import Client
from pytest_django import Settings

from monitoring.engine.exposition import Family, Published
from monitoring.web import metrics

PUBLISHED = Published({"a_total": Family("a_total", "counter", "A.")}, {"a_total": "3"}, [])
PLAIN = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
#: What Prometheus 2.42 sends.
PROMETHEUS = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)


@pytest.fixture(autouse=True)
def _published(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(metrics, "published_metrics", lambda: PUBLISHED)
    settings.METRICS_ENABLED, settings.METRICS_TOKEN, settings.TRUSTED_PROXIES = True, "", 0
    settings.METRICS_NETWORKS = ("127.0.0.0/8", "::1/128")


@pytest.mark.parametrize("path", ["/metrics", "/metrics/"])
def test_a_scrape_from_this_machine_is_answered(client: Client, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, PLAIN, "no-store")
    assert "\nopinion_market_a_total 3\n" in answer.text


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (PROMETHEUS, OPENMETRICS),
        ("*/*", PLAIN),
        ("text/plain;version=0.0.4", PLAIN),
        ("application/openmetrics-text;q=0.2,text/plain", PLAIN),
        ("text/html", PLAIN),
    ],
)
def test_the_format_is_the_one_preferred(client: Client, accept: str, kind: str) -> None:
    answer = client.get("/metrics", headers={"Accept": accept})
    assert (answer["Content-Type"], answer.text.endswith("# EOF\n")) == (kind, kind == OPENMETRICS)


def refused(client: Client, **extra: str) -> bool:
    """Whether the answer is the problem document and nothing else; reading the totals would fail the test."""
    with patch.object(metrics, "published_metrics", side_effect=AssertionError):
        answer = client.get("/metrics", **extra)  # type: ignore[arg-type]
    body = answer.json()
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    return bool(body["code"] == "metrics.refused" and "METRICS_TOKEN" in body["detail"])


@pytest.mark.parametrize("address", ["8.8.8.8", "10.0.0.1", "2001:db8::1", "", "::ffff:8.8.8.8"])
def test_everybody_else_is_refused(client: Client, address: str) -> None:
    assert refused(client, REMOTE_ADDR=address)


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3"])
def test_a_network_of_the_setting_is_answered(client: Client, settings: Settings, address: str) -> None:
    settings.METRICS_NETWORKS = ("10.0.0.0/8",)
    assert client.get("/metrics", REMOTE_ADDR=address).status_code == 200
    assert refused(client, REMOTE_ADDR="127.0.0.1")


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED"])
def test_a_proxy_that_nobody_declared_lends_no_trust(client: Client, header: str) -> None:
    assert refused(client, REMOTE_ADDR="127.0.0.1", **{header: "127.0.0.1"})


def test_behind_a_declared_proxy_the_client_counts(client: Client, settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 2
    assert client.get("/metrics", HTTP_X_FORWARDED_FOR="127.0.0.9, 10.0.0.1").status_code == 200
    assert refused(client, HTTP_X_FORWARDED_FOR="127.0.0.1, 8.8.8.8, 10.0.0.1")
    assert refused(client, HTTP_X_FORWARDED_FOR="8.8.8.8")


def test_the_token_opens_from_anywhere(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "scrape-me"
    good = client.get("/metrics", REMOTE_ADDR="8.8.8.8", headers={"Authorization": "Bearer scrape-me"})
    assert good.status_code == 200
    for wrong in ("Bearer scrape-mé", "Bearer ", "scrape-me", ""):
        assert refused(client, REMOTE_ADDR="8.8.8.8", HTTP_AUTHORIZATION=wrong)


def test_no_token_set_means_that_none_opens(client: Client) -> None:
    assert refused(client, REMOTE_ADDR="8.8.8.8", HTTP_AUTHORIZATION="Bearer ")


def test_switched_off_there_is_no_such_route(client: Client, settings: Settings) -> None:
    settings.METRICS_ENABLED = False
    answer = client.get("/metrics")
    assert (answer.status_code, answer.json()["code"]) == (404, "request.unknown_route")


def test_it_only_reads(client: Client) -> None:
    assert client.post("/metrics").status_code == 405


def test_without_redis_the_answer_says_that_it_is_away(client: Client) -> None:
    with patch.object(metrics, "published_metrics", side_effect=redis.ConnectionError):
        answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.text.splitlines()[-1] == "opinion_market_metrics_store_up 0"
