"""Which faults come, without a product to strike."""

import json
import time
from pathlib import Path

import pytest

from scripts.storm import nemesis
from scripts.storm.faults import KINDS
from scripts.storm.nemesis import Nemesis
from scripts.storm.product import Product


@pytest.fixture
def made(tmp_path: Path) -> Nemesis:
    return Nemesis(Product(tmp_path, 1), tmp_path, seed=3, say=lambda text: None)


def test_every_kind_comes_once_before_any_comes_twice(made: Nemesis) -> None:
    first = [made._choose(is_late=False).name for _ in KINDS]
    assert sorted(first) == sorted(kind.name for kind in KINDS)


def test_kills_come_when_they_are_late(made: Nemesis) -> None:
    assert all(made._choose(is_late=True).is_kill for _ in range(50))


def test_two_faults_at_once_are_of_two_parts(made: Nemesis) -> None:
    assert "redis" not in {made._choose(other_than="redis", is_late=False).part for _ in range(50)}


def test_the_same_seed_throws_the_same_dice(tmp_path: Path) -> None:
    def names() -> list[str]:
        one = Nemesis(Product(tmp_path, 1), tmp_path, seed=9, say=lambda text: None)
        return [one._choose(is_late=False).name for _ in range(40)]

    assert names() == names()


def test_a_product_that_is_away_is_struck_by_nothing(made: Nemesis, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's process is touched but those of the run's own `make up`, and there is none here."""
    monkeypatch.setattr(nemesis, "HEALED_WITHIN_S", 0.0)
    monkeypatch.setattr("scripts.storm.faults.PAUSE_S", (0.0, 0.0))
    monkeypatch.setattr("scripts.storm.faults.DOWN_S", (0.0, 0.0))
    made._strike_all([kind for kind in KINDS if kind.part == "web"])
    made._strike_all([kind for kind in KINDS if kind.part != "web"])
    faults = [json.loads(line) for line in made.file.read_text().splitlines()]
    assert (len(faults), made.kills) == (len(KINDS), 0)
    assert {fault["healed_s"] for fault in faults} == {None}
    assert all(fault["at"] <= fault["ended_at"] <= time.monotonic() for fault in faults)
