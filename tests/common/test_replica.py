"""Who answers what may be a little old."""

import pytest
from django.db import OperationalError, connection, router

from accounts.models import User
from common import replica
from common.replica import ALIAS, Gate, PrimaryOnly, read_rows, replica_state
from opinion_market.settings.database import replica as replica_settings


class Now:
    seconds = 1_000.0

    def monotonic(self) -> float:
        return self.seconds


class Standby:
    """A replica that says how far it is behind, or is away."""

    lag_s: float | None = 0.2
    is_away = False
    asked = 0

    def look(self) -> float | None:
        self.asked += 1
        if self.is_away:
            raise OperationalError("connection refused")
        return self.lag_s


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    clock = Now()
    monkeypatch.setattr(replica, "time", clock)
    return clock


@pytest.fixture
def standby() -> Standby:
    return Standby()


@pytest.mark.parametrize(
    ("lag_s", "is_open"), [(0.0, True), (15.0, True), (15.1, False), (3_600.0, False), (None, False)]
)
def test_a_replica_answers_while_it_follows(now: Now, standby: Standby, lag_s: float | None, is_open: bool) -> None:
    standby.lag_s = lag_s
    assert Gate(standby.look).is_open() is is_open


def test_it_is_asked_once_a_second(now: Now, standby: Standby) -> None:
    gate = Gate(standby.look)
    assert [gate.is_open() for _ in range(5)] == [True] * 5
    now.seconds += 0.9
    gate.is_open()
    assert standby.asked == 1
    now.seconds += 0.1
    standby.lag_s = 20.0
    assert not gate.is_open()
    assert standby.asked == 2


def test_one_that_is_away_is_left_alone_for_a_while_and_comes_back(now: Now, standby: Standby) -> None:
    gate = Gate(standby.look)
    standby.is_away = True
    assert not gate.is_open()
    standby.is_away = False
    now.seconds += 9.9
    assert not gate.is_open()
    assert standby.asked == 1
    now.seconds += 0.1
    assert gate.is_open()
    gate.close()
    assert not gate.is_open()


@pytest.mark.django_db
def test_without_a_replica_the_database_answers() -> None:
    assert read_rows("SELECT %(one)s::int", {"one": 1}) == [(1,)]
    assert replica_state() == "off"


@pytest.mark.django_db
@pytest.mark.parametrize("lag_s", [None, 16.0, 0.1])
def test_a_read_that_the_replica_cannot_answer_goes_to_the_database(
    monkeypatch: pytest.MonkeyPatch, now: Now, standby: Standby, lag_s: float | None
) -> None:
    class Away:
        def cursor(self) -> None:
            raise OperationalError("terminating connection due to conflict with recovery")

        def close(self) -> None:
            pass

    gate = Gate(standby.look)
    standby.lag_s = lag_s
    monkeypatch.setattr(replica, "gate", gate)
    monkeypatch.setattr(replica, "has_replica", lambda: True)
    monkeypatch.setattr(replica, "connections", {ALIAS: Away(), "default": connection})
    told = "away" if lag_s is None else "16 s behind" if lag_s == 16.0 else "ok"
    assert replica_state() == told
    assert read_rows("SELECT 7", {}) == [(7,)]
    # One that said it is well and then failed isn't asked again at once.
    assert replica_state() == ("away" if lag_s != 16.0 else told)


def test_models_are_never_read_from_it() -> None:
    assert (router.db_for_read(User), router.db_for_write(User)) == ("default", "default")
    assert PrimaryOnly().allow_migrate(ALIAS, "trading") is False
    assert PrimaryOnly().allow_migrate("default", "trading") is None


def test_its_sessions_can_write_nothing_and_it_is_given_up_soon() -> None:
    options = replica_settings("postgresql://app@replica.example.org/market", "web")["OPTIONS"]
    assert options["options"].endswith("-c default_transaction_read_only=on")
    assert options["connect_timeout"] == "2"
