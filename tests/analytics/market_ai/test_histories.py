"""The models on real histories: honest beside the price, and their intervals hold what they promise."""

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from analytics.market_ai.engine.learning.matrix import Matrix, matrix_of
from analytics.market_ai.engine.learning.rivals import rival_sets
from analytics.market_ai.engine.learning.scores import report, worse_sources
from analytics.market_ai.engine.learning.walk import Walk, walk
from analytics.market_ai.engine.samples import samples_of, usable_ticks
from analytics.market_ai.services.history_contracts import read_contracts
from analytics.market_ai.types import Contract


@pytest.fixture(scope="module")
def contracts(project_dir: Path) -> list[Contract]:
    folder = project_dir.parent / "shared" / "data" / "prediction-markets"
    if not folder.is_dir():
        reason = f"the market histories are not at {folder}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return read_contracts(directory=folder)[0]


@pytest.fixture(scope="module")
def walked(contracts: list[Contract]) -> tuple[Matrix, Walk]:
    rows = matrix_of(samples_of(contracts))
    return rows, walk(rows)


@pytest.mark.data
def test_nowhere_worse_than_the_price_and_better_pooled(walked: tuple[Matrix, Walk]) -> None:
    told = report(*walked)
    assert worse_sources(told["sources"]) == []
    pooled = told["pooled"]
    assert pooled["contracts"] > 1_700
    for score in ("brier", "log_loss", "calibration_error"):
        assert pooled[score]["model"] < pooled[score]["price"] < pooled[score]["base"]


@pytest.mark.data
def test_an_interval_of_80_percent_holds_77_to_83(walked: tuple[Matrix, Walk]) -> None:
    pooled = report(*walked)["pooled"]
    assert pooled["interval_contracts"] > 1_000
    assert 0.77 <= pooled["interval_coverage"] <= 0.83


@pytest.mark.data
def test_rivals_sum_to_one(walked: tuple[Matrix, Walk]) -> None:
    rows, told = walked
    sets = rival_sets(rows)
    assert len(sets) > 500
    told_sets = [places for places in sets if told.is_told[places].all()]
    assert max(abs(told.probability[places].sum() - 1.0) for places in told_sets) < 1e-9


@pytest.mark.data
def test_no_price_of_the_day_of_the_answer_is_used(contracts: list[Contract]) -> None:
    governors = [one for one in contracts if one.source == "538-governors"]
    # The last day's prices are 0 or 1: the answer itself.
    assert all(one.ticks[-1].at >= one.ends_at for one in governors if one.key.split("-")[2] == "2022")
    assert all(tick.at < one.ends_at for one in contracts for tick in usable_ticks(one))


def test_a_folder_without_markets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"holds no markets\.csv"):
        call_command("evaluate_models", tmp_path, stdout=StringIO(), stderr=StringIO())
