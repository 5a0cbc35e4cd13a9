import asyncio

import pytest

from opinion_market import measuring


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    told: list[str] = []
    monkeypatch.setattr(measuring, "start_measuring", lambda role: told.append(str(role)))
    monkeypatch.setattr(measuring, "stop_agent", lambda: told.append("stop"))
    return told


async def test_a_web_process_starts_once_and_stops(said: list[str], settings) -> None:
    settings.METRICS_ENABLED = True
    measuring.measure_web()
    measuring.measure_web()
    await asyncio.sleep(0)
    (watch,) = measuring._watches
    assert not watch.done()
    await measuring.stop_measuring()
    await asyncio.sleep(0)
    assert watch.cancelled()
    assert (said, measuring._watches) == (["web", "stop"], [])


async def test_nothing_is_measured_when_it_is_switched_off(said: list[str], settings) -> None:
    settings.METRICS_ENABLED = False
    measuring.measure_web()
    assert (said, measuring._watches) == ([], [])
