"""Every failure is a problem document, and every answer tells the limit."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from accounts.services.create_api_key import create_api_key
from common.api import fallbacks
from common.api.access import gate
from common.api.errors import RouteUnknown
from common.body_limit import BODY_REFUSED
from tests.factories.accounts import make_alice

pytestmark = pytest.mark.django_db


def check_problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    document: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "code", "instance", "request_id"} <= document.keys()
    assert (document["status"], document["code"]) == (status, code)
    assert document["request_id"] == answer.headers["X-Request-ID"]
    return document


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v1/", "/api/v2/markets", "/api/x", "/api/v1/markets/1/x/y"],
)
def test_unknown_routes(path: str, client: Client) -> None:
    answer = client.get(path)
    assert check_problem(answer, 404, RouteUnknown.code)["instance"] == path
    assert check_problem(client.post(path), 404, RouteUnknown.code)


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/api/v1/markets"), ("DELETE", "/api/v1/account"), ("TRACE", "/api/v1/orders")]
)
def test_other_methods(method: str, path: str, client: Client) -> None:
    answer = client.generic(method, path)
    check_problem(answer, 405, "request.method_not_allowed")
    assert "GET" in answer.headers["Allow"]


def test_options_and_head(client: Client) -> None:
    options = client.options("/api/v1/orders")
    assert (options.status_code, options.headers["Allow"]) == (204, "GET, POST, HEAD, OPTIONS")
    assert client.head("/api/v1/markets").status_code == 200


@pytest.mark.parametrize(
    "query", ["?x=1", "?limit=0", "?limit=1001", "?limit=x", "?cursor=zz", "?limit=1&limit=2", "?q=%00", "?q=%ff%00"]
)
def test_strict_query_strings(query: str, client: Client) -> None:
    answer = client.get(f"/api/v1/markets{query}")
    is_cursor = "cursor" in query
    check_problem(answer, 400 if is_cursor else 422, "request.cursor_invalid" if is_cursor else "request.invalid")


def test_too_large(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    secret = create_api_key(user_id=make_alice().pk, name="k", scopes=["trade"]).secret
    answer = client.post(
        "/api/v1/orders", b"x" * 1_001, content_type="application/json", headers={"Authorization": f"Bearer {secret}"}
    )
    check_problem(answer, 413, "request.body_too_large")


def test_a_failure_of_ours(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(fallbacks.UnknownRouteView, "get", fail)
    client.raise_request_exception = False
    check_problem(client.get("/api/v1/nothing"), 500, "server.error")


def test_a_database_that_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(fallbacks.UnknownRouteView, "get", fail)
    answer = client.get("/api/v1/nothing")
    check_problem(answer, 503, "server.unavailable")
    assert answer.headers["Retry-After"] == "1"


def test_limits_are_told_and_kept(client: Client, settings: Any) -> None:
    settings.API_LIMITS = dict.fromkeys(settings.API_LIMITS, (3, 60))
    gate.cache_clear()
    try:
        address = {"REMOTE_ADDR": "192.0.2.77"}
        answers = [client.get("/api/v1/limits", **address) for _ in range(5)]
    finally:
        gate.cache_clear()
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0", "0"]
    assert {answer.headers["RateLimit-Limit"] for answer in answers} == {"3"}
    document = check_problem(answers[3], 429, "limit.exceeded")
    assert answers[3].headers["Retry-After"] == str(document["retry_after"])
    assert 1 <= document["retry_after"] <= 20
    assert answers[0].json()["buckets"][0]["limit"] == 3


@pytest.mark.parametrize(
    "path", ["/api", "/api/v1/nothing", "/api/v1/markets", "/api/v1/markets?x=1", "/api/v1/schema"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS", "TRACE"])
def test_every_answer_tells_the_limit(path: str, method: str, client: Client) -> None:
    answer = client.generic(method, path)
    assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} <= set(answer.headers)


def test_answers_that_no_view_made_tell_it_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(fallbacks.UnknownRouteView, "get", fail)
    client.raise_request_exception = False
    too_long = client.post("/api/v1/orders", **{BODY_REFUSED: 1_000})
    bad_host = client.get("/api/v1/markets", headers={"Host": "bad_host!"})
    for answer, status in ((client.get("/api/v1/nothing"), 500), (too_long, 413), (bad_host, 400)):
        assert answer.status_code == status
        assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} <= set(answer.headers)
    assert "RateLimit-Limit" not in client.get("/").headers


def test_no_success_holds_an_error(project_dir: Path) -> None:
    """Of all recorded answers; an item of a batch has its own status beside it."""
    recorded = json.loads((project_dir / "docs" / "api_examples.json").read_text("utf-8"))
    answers = [answer for statuses in recorded.values() for status, answer in statuses.items() if status < "300"]
    assert len(answers) > 100
    for answer in [answer for answer in answers if isinstance(answer, dict)]:
        assert not {"code", "detail", "errors", "instance"} & answer.keys()
        assert not str(answer.get("type", "")).startswith("/docs/errors")
