"""What a model learns, how it is measured, and that it never saw what it is measured on."""

import hashlib
from typing import Any

import numpy as np
import pytest

from analytics.market_ai.engine.interval import interval_of, unit_of
from analytics.market_ai.engine.learning import artefact, ensembles, intervals, rivals, scores, stack
from analytics.market_ai.engine.learning.challenge import against
from analytics.market_ai.engine.learning.matrix import Matrix, matrix_of
from analytics.market_ai.engine.learning.training import TooFewContracts, Trained, train
from analytics.market_ai.engine.learning.walk import walk
from analytics.market_ai.engine.predictor import ModelDamaged, Predictor, loaded
from analytics.market_ai.engine.samples import samples_of
from analytics.market_ai.types import Sample
from tests.analytics.market_ai.contracts import shy_contracts


def with_outcomes(rows: Matrix, outcome: Any) -> Matrix:
    return Matrix(*(outcome if name == "outcome" else getattr(rows, name) for name in Matrix.__slots__))


def test_it_learns_that_prices_are_shy(trained: Trained) -> None:
    pooled = trained.metrics["pooled"]
    assert pooled["brier"]["model"] < pooled["brier"]["price"] < pooled["brier"]["base"]
    assert pooled["log_loss_difference"]["mean"] < 0.0
    assert trained.document["joint"][0] > 1.0
    assert (pooled["contracts"], pooled["groups"], pooled["samples"]) == (100, 50, 600)


def test_no_prediction_depends_on_an_answer_that_came_later(trained: Trained) -> None:
    rows = trained.rows
    border = float(np.median(rows.at))
    # Every answer that wasn't known at the border is turned round.
    turned = with_outcomes(rows, np.where(rows.known_at >= border, 1.0 - rows.outcome, rows.outcome))
    before = rows.at < border
    assert np.array_equal(walk(turned, blocks=4).probability[before], trained.told.probability[before])


def test_no_prediction_depends_on_answers_of_its_own_group() -> None:
    # Contracts of one event, of which the first is answered while the others still run.
    samples = samples_of(shy_contracts(60))
    late = [one for one in samples if one.at > samples[len(samples) * 3 // 4].at]
    one_group = [one if one not in late else regrouped(one) for one in samples]
    rows = matrix_of(one_group)
    group = rows.group[-1]
    turned = with_outcomes(rows, np.where(rows.group == group, 1.0 - rows.outcome, rows.outcome))
    told, same = walk(rows, blocks=3), walk(turned, blocks=3)
    mine = rows.group == group
    assert told.is_told[mine].all()
    assert np.array_equal(told.probability[mine], same.probability[mine])


def regrouped(one: Sample) -> Sample:
    return Sample(
        one.key, one.source, "one event", one.at, one.known_at, one.price, one.features, one.outcome, one.weight
    )


def test_noise_teaches_it_nothing_that_costs_much() -> None:
    rows = matrix_of(samples_of(shy_contracts(100)))
    coin = np.random.default_rng(1)
    answers = {key: float(coin.random() < 0.5) for key in dict.fromkeys(rows.key)}
    # Prices that are right: the outcome is drawn from the price itself.
    draw = {key: coin.random() for key in answers}
    fair = with_outcomes(
        rows, np.array([float(draw[key] < price) for key, price in zip(rows.key, rows.price, strict=True)])
    )
    told = walk(fair, blocks=4)
    loss = scores.logs(told.probability, fair.outcome) - scores.logs(fair.price, fair.outcome)
    assert float(np.average(loss, weights=fair.weight)) < 0.01


def test_plain_lists_answer_as_the_library_does(trained: Trained, packed: bytes) -> None:
    rows, predictor = trained.rows, loaded(packed, hashlib.sha256(packed).hexdigest())
    fitted = ensembles.fit(rows)
    moved = ensembles.shifts(fitted, rows)
    joined = stack.fit(rows, trained.told.moved)
    expected = joined.probability(rows, moved)
    found = [
        predictor.probability(rows.inputs[row, :-1].tolist(), float(rows.price[row]), rows.source[row])
        for row in range(0, len(rows), 7)
    ]
    assert np.abs(np.array(found) - expected[::7]).max() < 1e-12


def test_a_source_that_was_never_seen_gets_the_price_and_little_else(trained: Trained) -> None:
    predictor = Predictor(trained.document)
    features = trained.rows.inputs[5, :-1].tolist()
    assert not predictor.knows("elsewhere")
    elsewhere = [predictor.probability([value * 3 for value in features], 0.7, "elsewhere"),
                 predictor.probability(features, 0.7, "elsewhere")]  # fmt: skip
    assert elsewhere[0] == elsewhere[1]
    assert elsewhere[0] == pytest.approx(0.7, abs=0.05)


@pytest.mark.parametrize("break_it", [lambda one: one[:-1], lambda one: one[:-1] + b"!", lambda one: b""])
def test_bytes_that_training_did_not_write_are_refused(packed: bytes, break_it: Any) -> None:
    with pytest.raises(ModelDamaged, match="SHA-256"):
        loaded(break_it(packed), hashlib.sha256(packed).hexdigest())


def test_a_model_for_other_features_is_refused(trained: Trained) -> None:
    with pytest.raises(ModelDamaged, match="other features"):
        Predictor({**trained.document, "columns": ["price_log_odds"]})


def test_equal_data_gives_equal_bytes(trained: Trained, packed: bytes) -> None:
    again = train(samples_of(shy_contracts()), blocks=4)
    assert artefact.packed(again.document) == packed


def test_too_little_is_refused() -> None:
    with pytest.raises(TooFewContracts, match="39 answered contracts"):
        train(samples_of(shy_contracts(39)))


def test_rivals_sum_to_one_and_others_are_left_alone() -> None:
    rows = matrix_of(
        [
            sample("a", "match", 0.30), sample("b", "match", 0.68),  # of one match
            sample("c", "family", 0.60), sample("d", "family", 0.70),  # questions alike
            sample("e", "alone", 0.98),
        ]
    )  # fmt: skip
    found = rivals.shared_out(rows, np.array([0.2, 0.6, 0.5, 0.9, 0.97]))
    assert found.tolist() == [0.25, pytest.approx(0.75), 0.5, 0.9, 0.97]


def sample(key: str, group: str, price: float) -> Sample:
    return Sample(key, "here", group, 10.0, 20.0, price, (0.0,) * 11, 1, 1.0)


def test_the_reach_is_the_miss_that_four_fifths_do_not_exceed() -> None:
    chances = np.full(100, 0.5)
    outcomes = np.array([1.0, 0.0] * 50)
    assert intervals.reach_of(chances, outcomes, np.ones(100)) == pytest.approx(0.5 / unit_of(0.5))
    assert intervals.reach_of(chances[:5], outcomes[:5], np.ones(5)) is None
    assert interval_of(0.5, 2.0) == (0.0, 1.0)


def test_scores_by_hand() -> None:
    truth = np.array([1.0, 0.0])
    assert scores.squares(np.array([0.8, 0.3]), truth).tolist() == pytest.approx([0.04, 0.09])
    assert scores.logs(np.array([1.0, 1.0]), truth).tolist() == pytest.approx([0.0, -np.log(0.002)])
    said = np.array([0.25, 0.25, 0.25, 0.25])
    assert scores.calibration_error(said, np.array([1.0, 0.0, 0.0, 0.0]), np.ones(4)) == 0.0
    one_group = scores.difference(np.array([0.1, 0.2]), np.ones(2), np.array([1, 1]))
    assert one_group == {"mean": 0.15, "low": None, "high": None, "is_noise": True}
    sure = scores.difference(np.full(40, 0.1), np.ones(40), np.arange(40))
    assert (sure["low"], sure["high"], sure["is_noise"]) == (0.1, 0.1, False)
    assert [round(scores.student(freedom), 2) for freedom in (1, 10, 20, 1_000)] == [12.71, 2.23, 2.09, 1.96]


def test_base_rates_know_the_past_only() -> None:
    rows = matrix_of(
        [
            Sample("a", "s", "a", 1.0, 5.0, 0.5, (0.0,) * 11, 1, 1.0),
            Sample("b", "s", "b", 5.0, 9.0, 0.5, (0.0,) * 11, 1, 1.0),
            Sample("c", "s", "c", 6.0, 9.0, 0.5, (0.0,) * 11, 0, 1.0),
        ]
    )
    assert scores.base_rates(rows).tolist() == pytest.approx([1 / 2, 1 / 2, 2 / 3])


def test_a_newcomer_meets_the_live_model_only_on_what_neither_learned(trained: Trained) -> None:
    predictor, rows = Predictor(trained.document, 7), trained.rows
    assert against(rows, trained.told, predictor, float(rows.known_at.max())) is None
    found = against(rows, trained.told, predictor, float(np.quantile(rows.known_at, 0.5)))
    assert found is not None
    assert (found["model"], 20 <= found["contracts"] <= 50) == (7, True)
