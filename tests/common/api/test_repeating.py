"""Deadlocks that PostgreSQL resolves never reach a caller, and nothing is done twice."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.services.create_api_key import create_api_key
from alerting.models import WebhookEndpoint
from alerting.services.webhooks._endpoints import LISTENING_LOCK
from common.api import repeating
from common.api.fallbacks import UnknownRouteView
from common.api.repeating import ATTEMPTS_MAX, repeated
from tests.factories.accounts import make_alice, make_bob

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _quick_deadlocks() -> None:
    """PostgreSQL looks for deadlocks after a second otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SET deadlock_timeout = '20ms'")


def _given_way(state: str = "40P01") -> OperationalError:
    error = OperationalError("deadlock detected")
    error.__cause__ = type("Given", (psycopg.OperationalError,), {"sqlstate": state})()
    return error


def _fails(times: int, error: Callable[[], Exception], act: Callable[[], object] = lambda: None) -> Any:
    calls: list[int] = []

    def handler() -> HttpResponse:
        calls.append(1)
        act()
        if len(calls) <= times:
            raise error()
        return HttpResponse("done")

    handler.calls = calls  # type: ignore[attr-defined]
    return handler


def test_the_handler_runs_again_until_it_succeeds() -> None:
    for state in ("40001", "40P01"):
        handler = _fails(ATTEMPTS_MAX - 1, lambda state=state: _given_way(state))  # type: ignore[misc]
        assert repeated(handler).content == b"done"
        assert len(handler.calls) == ATTEMPTS_MAX


@pytest.mark.parametrize(
    ("error", "calls"),
    [(_given_way, ATTEMPTS_MAX), (lambda: _given_way("57014"), 1), (lambda: OperationalError("gone"), 1)],
)
def test_what_does_not_pass_is_raised(error: Callable[[], Exception], calls: int) -> None:
    handler = _fails(99, error)
    with pytest.raises(OperationalError):
        repeated(handler)
    assert len(handler.calls) == calls


def _keep_in_a_transaction() -> None:
    with transaction.atomic():
        User.objects.filter(username="alice").update(first_name="A")


def _keep_at_once() -> None:
    User.objects.filter(username="alice").update(first_name="A")


@pytest.mark.parametrize("act", [_keep_in_a_transaction, _keep_at_once])
def test_nothing_that_was_kept_is_done_twice(act: Callable[[], None]) -> None:
    make_alice()
    handler = _fails(1, _given_way, act)
    with pytest.raises(OperationalError):
        repeated(handler)
    assert len(handler.calls) == 1
    # Reading first does no harm.
    reading = _fails(1, _given_way, lambda: User.objects.count())
    assert repeated(reading).content == b"done"


def _lock_two(first: int, second: int, meet: threading.Barrier, seen: list[str]) -> None:
    with transaction.atomic():
        User.objects.filter(pk=first).update(first_name="x")
        if not seen:
            meet.wait(5)
        seen.append("tried")
        User.objects.filter(pk=second).update(first_name="x")


def test_a_real_deadlock_of_two_requests_is_answered_twice_with_success(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each locks a row and wants the other's; both are answered as if they had come one after the other."""
    alice, bob = make_alice().pk, make_bob().pk
    meet, tries = threading.Barrier(2), {"1": [], "2": []}  # type: ignore[var-annotated]

    def post(self: object, request: Any, **_: str) -> HttpResponse:
        name = request.GET["way"]
        _lock_two(*((alice, bob) if name == "1" else (bob, alice)), meet, tries[name])
        return HttpResponse(status=204)

    monkeypatch.setattr(UnknownRouteView, "post", post)

    def ask(name: str) -> int:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET deadlock_timeout = '20ms'")
            return Client().post(f"/api/v1/nothing?way={name}").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(ask, ["1", "2"])) == [204, 204]
    assert len(tries["1"]) + len(tries["2"]) == 3


def test_when_it_never_succeeds_the_answer_is_503_and_says_when_to_come_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = _fails(99, _given_way)
    monkeypatch.setattr(UnknownRouteView, "post", lambda self, request, **_: handler())
    monkeypatch.setattr(repeating.time, "sleep", lambda seconds: None)
    answer = client.post("/api/v1/nothing")
    assert (answer.status_code, answer.json()["code"]) == (503, "server.unavailable")
    assert answer.headers["Retry-After"] == "1"
    assert "RateLimit-Remaining" in answer.headers


def _webhooks_of(user_id: int) -> Callable[[Client], int]:
    secret = create_api_key(user_id=user_id, name="k", scopes=["trade", "read"]).secret

    def ask(client: Client) -> int:
        body = {"url": "https://example.org/in", "events": ["order.*"]}
        given = {"Authorization": f"Bearer {secret}"}
        return client.post("/api/v1/webhooks", body, content_type="application/json", headers=given).status_code

    return ask


@pytest.mark.parametrize(
    "table", ["alerting_webhookendpoint", "alerting_channel", "markets_markethead", "accounts_auditrecord"]
)
def test_a_request_that_loses_a_deadlock_on_any_table_succeeds(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another session holds the table and wants what the request has locked by then."""
    alice = make_alice()
    ask, is_held, pauses = _webhooks_of(alice.pk), threading.Event(), []
    here, sleep = threading.get_ident(), time.sleep
    # Threads that collect measurements sleep as well.
    monkeypatch.setattr(time, "sleep", lambda s: pauses.append(s) if threading.get_ident() == here else sleep(s))
    with connection.cursor() as cursor:
        cursor.execute("SET deadlock_timeout = '800ms'")
    settings = {**connection.get_connection_params(), "dbname": connection.settings_dict["NAME"]}
    kept = {name: settings[name] for name in ("dbname", "host", "port", "user", "password") if settings.get(name)}

    def disturb() -> None:
        with psycopg.connect(**kept) as other:
            # The request's session looks first, so it is the one that gives way.
            other.execute("SET deadlock_timeout = '10s'")
            other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")  # type: ignore[call-overload]
            is_held.set()
            # Whoever waits looks once for a deadlock, 800 ms after it began to: it has to be one by then.
            while not other.execute(
                "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table]
            ).fetchone():
                pass
            other.execute("SELECT pg_advisory_xact_lock(%s)", [LISTENING_LOCK])

    thread = threading.Thread(target=disturb)
    thread.start()
    assert is_held.wait(5)
    assert ask(Client()) == 201
    thread.join(10)
    assert len(pauses) == 1
    assert WebhookEndpoint.objects.count() == 1
