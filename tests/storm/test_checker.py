"""The checker finds nothing in a run that was right, and every defect that is planted into one."""

import pytest

from scripts.storm.checker.check import check
from scripts.storm.checker.evidence import Evidence
from tests.storm.plants import PLANTS, Plant


def test_nothing_is_wrong_with_a_run_that_was_right(run: Evidence) -> None:
    findings = check(run)
    assert findings.mistakes == {}
    assert findings.counts["markets"] == 3
    assert findings.counts["markets_settled"] == 1
    for name, least in {
        "orders_acknowledged": 200, "cancels_acknowledged": 20, "sets_acknowledged": 4, "answers_repeated": 10,
        "keys_with_another_order": 4, "trades": 100,
    }.items():  # fmt: skip
        assert findings.counts[name] >= least, name


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_defect_is_caught(run: Evidence, plant: Plant) -> None:
    plant(run)
    assert PLANTS[plant] in check(run).mistakes
