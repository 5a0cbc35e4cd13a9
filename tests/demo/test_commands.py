"""The commands that `make up` calls."""

import os
import signal
import threading
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.services.provide_account import provide_account
from demo.management.commands import run_demo_traders
from demo.services._cast import password_of
from tests.factories.accounts import make_alice


@pytest.fixture
def signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_traders_stop_cleanly_on_a_signal(monkeypatch: pytest.MonkeyPatch, number: signal.Signals) -> None:
    called: dict[str, Any] = {}

    def run(*, url: str, rate: float, stop: threading.Event) -> None:
        called.update(url=url, rate=rate)
        os.kill(os.getpid(), number)
        assert stop.wait(5)

    monkeypatch.setattr(run_demo_traders, "run_traders", run)
    monkeypatch.setattr(run_demo_traders, "start_measuring", lambda role: None)
    out = StringIO()
    call_command("run_demo_traders", url="http://127.0.0.1:9", rate=2.5, stdout=out)

    assert called == {"url": "http://127.0.0.1:9", "rate": 2.5}
    assert out.getvalue().splitlines()[-1] == "The simulated traders have stopped."


@pytest.mark.parametrize("rate", ["0", "-1", "51", "nan"])
def test_a_rate_out_of_range_is_refused(rate: str) -> None:
    with pytest.raises(CommandError, match="must be more than 0 and at most 50"):
        call_command("run_demo_traders", f"--rate={rate}")


@pytest.mark.django_db
def test_logins_are_told_where_there_is_a_demo() -> None:
    out = StringIO()
    call_command("demo_logins", stdout=out)
    assert out.getvalue() == ""

    provide_account(handle="sim-ada", is_simulated=True)
    call_command("demo_logins", stdout=out)
    assert f"alice  {password_of('alice')}" in out.getvalue()


@pytest.mark.django_db
def test_seeding_says_why_it_did_nothing() -> None:
    make_alice()
    out = StringIO()

    call_command("seed_demo", stdout=out)

    assert "no demo: this database holds other people's data" in out.getvalue()
