import math

import pytest

from monitoring.forecasting.engine.nab_rules import (
    SILENT,
    Labelled,
    Profile,
    Tally,
    best_tally,
    normalized,
    probation_rows,
    profiles_of,
    scaled_sigmoid,
    tally_at,
)

STANDARD = Profile("standard", 1.0, 0.11, 1.0)
LOW_FP = Profile("reward_low_FP_rate", 1.0, 0.22, 1.0)
LOW_FN = Profile("reward_low_FN_rate", 1.0, 0.11, 2.0)
#: 100 rows, a window over rows 50 to 59; rows 0 to 14 are probation.
TIMES = [f"2014-04-01 00:00:{row:02}" for row in range(100)]
WINDOWS = [(TIMES[50], TIMES[59])]


def file_with(detections: dict[int, float], *, windows: list[tuple[str, str]] = WINDOWS) -> Labelled:
    return Labelled("a.csv", TIMES, [detections.get(row, 0.0) for row in range(100)], windows)


def test_the_scaled_sigmoid_has_its_published_values() -> None:
    published = {-1.0: 0.98661, -0.5: 0.84828, 0.0: 0.0, 0.5: -0.84828, 1.0: -0.98661, 3.01: -1.0, 50.0: -1.0}
    assert {at: round(scaled_sigmoid(at), 5) for at in published} == published
    # Three widths behind a window still lies on the curve.
    assert -1.0 < scaled_sigmoid(3.0) < -0.999999


def test_probation_is_a_share_of_the_rows_with_a_limit() -> None:
    rows = {0: 0, 6: 0, 7: 1, 100: 15, 4032: 604, 5000: 750, 22695: 750}
    assert {count: probation_rows(count) for count in rows} == rows


@pytest.mark.parametrize("profile", [STANDARD, LOW_FP, LOW_FN])
def test_silence_scores_0_and_the_perfect_detector_100(profile: Profile) -> None:
    silent, perfect = [file_with({})], [file_with({50: 1.0})]
    assert normalized(tally_at(silent, profile, 0.5).score, silent, profile) == 0.0
    assert normalized(tally_at(perfect, profile, 0.5).score, perfect, profile) == pytest.approx(100.0)


def test_a_corpus_without_labels_has_no_normalized_score() -> None:
    assert normalized(0.0, [file_with({}, windows=[])], STANDARD) is None


@pytest.mark.parametrize(
    ("row", "worth"),
    [
        (50, 1.0),
        # Position -(59 - row + 1) / 10 of the window.
        (55, (2 / (1 + math.exp(-2.5)) - 1) / 0.9866142981514305),
        (59, (2 / (1 + math.exp(-0.5)) - 1) / 0.9866142981514305),
    ],
)
def test_a_hit_is_worth_its_place_in_the_window(row: int, worth: float) -> None:
    assert tally_at([file_with({row: 0.9})], STANDARD, 0.5).score == pytest.approx(worth)


@pytest.mark.parametrize(
    ("row", "cost"),
    [
        (20, -0.11),
        (49, -0.11),
        # (row - 59) / (10 - 1) window widths behind the window.
        (60, 0.11 * (2 / (1 + math.exp(5 / 9)) - 1)),
        (68, 0.11 * (2 / (1 + math.exp(5.0)) - 1)),
        (99, -0.11),
    ],
)
def test_a_false_detection_costs_more_the_farther_it_is_behind_a_window(row: int, cost: float) -> None:
    assert tally_at([file_with({row: 0.9})], STANDARD, 0.5).score == pytest.approx(cost - 1.0)


def test_only_the_best_hit_of_a_window_counts() -> None:
    assert tally_at([file_with({50: 0.9, 51: 0.9, 59: 0.9})], STANDARD, 0.5).score == pytest.approx(1.0)


def test_profiles_weigh_misses_and_false_detections() -> None:
    files = [file_with({20: 0.9})]
    raw = {profile.name: tally_at(files, profile, 0.5).score for profile in (STANDARD, LOW_FP, LOW_FN)}
    assert raw == {
        "standard": pytest.approx(-1.11),
        "reward_low_FP_rate": pytest.approx(-1.22),
        "reward_low_FN_rate": pytest.approx(-2.11),
    }


def test_probation_counts_for_nothing() -> None:
    found = tally_at([file_with({0: 1.0, 14: 1.0})], STANDARD, 0.5)
    assert (found.score, found.tp, found.tn, found.fp, found.fn) == (-1.0, 0, 75, 0, 10)
    assert tally_at([file_with({15: 1.0})], STANDARD, 0.5).fp == 1


def test_a_window_within_the_probation_can_be_neither_hit_nor_missed() -> None:
    early = [file_with({3: 1.0}, windows=[(TIMES[2], TIMES[5])])]
    assert tally_at(early, STANDARD, 0.5).score == 0.0
    # Its place among the perfect hits it keeps.
    assert normalized(0.0, early, STANDARD) == 0.0


def test_a_detection_is_a_score_at_or_above_the_threshold() -> None:
    file = [file_with({50: 0.5})]
    scores = [tally_at(file, STANDARD, threshold).score for threshold in (0.50001, 0.5, 0.2)]
    assert scores == [-1.0, pytest.approx(1.0), pytest.approx(1.0)]


def test_the_best_threshold_is_chosen_over_the_whole_corpus() -> None:
    # At 0.8 the first file's window is hit; at 0.6 the second's too, for two false detections; below, all is false.
    files = [
        file_with({50: 0.8}),
        Labelled("b.csv", TIMES, [0.6 if row in (20, 30, 50) else 0.0 for row in range(100)], WINDOWS),
    ]
    best = best_tally(files, STANDARD)
    assert (best.threshold, best.tp, best.fp) == (0.6, 2, 2)
    assert best.score == pytest.approx(2.0 - 0.22)
    assert normalized(best.score, files, STANDARD) == pytest.approx(100 * (1.78 + 2) / 4)


def test_of_equal_thresholds_the_highest_is_chosen() -> None:
    assert best_tally([file_with({50: 0.9, 51: 0.7})], STANDARD).threshold == 0.9
    assert best_tally([file_with({20: 0.9})], STANDARD) == Tally(SILENT, -1.0, 0, 75, 0, 10)


def test_windows_of_files_with_one_name_each_count() -> None:
    files = [Labelled(name, TIMES, [0.0] * 100, WINDOWS * 1) for name in ("a.csv", "b.csv")]
    assert tally_at(files, LOW_FN, 0.5).score == -4.0


def test_profiles_are_read_from_their_document() -> None:
    document = {"standard": {"CostMatrix": {"tpWeight": 1.0, "fnWeight": 1.0, "fpWeight": 0.11, "tnWeight": 1.0}}}
    assert profiles_of(document) == [STANDARD]
