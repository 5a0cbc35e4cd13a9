"""The benchmark's command, and the scoring rules against figures that the benchmark published."""

import io
import json
import math
import os
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from monitoring.forecasting.engine.nab_files import columns_of

#: Score, tp, tn, fp and fn that the benchmark published for its windowed Gaussian detector (standard, threshold 1).
PUBLISHED = {
    "artificialNoAnomaly/art_daily_small_noise.csv": (0.0, 0, 3428, 0, 0),
    "realAWSCloudwatch/ec2_cpu_utilization_53ea38.csv": (-0.14142319611668508, 2, 3023, 3, 400),
    "realAWSCloudwatch/ec2_cpu_utilization_c6585a.csv": (-1.32, 0, 3416, 12, 0),
    "realAWSCloudwatch/elb_request_count_8c0756.csv": (-0.13844919792440225, 1, 3026, 0, 401),
    "realAWSCloudwatch/rds_cpu_utilization_cc0c53.csv": (-0.13844919792440225, 50, 3026, 0, 352),
    "realKnownCause/nyc_taxi.csv": (-5.0, 0, 8535, 0, 1035),
}


@pytest.fixture(scope="module")
def nab(project_dir: Path) -> Path:
    folder = project_dir.parent / "shared" / "data" / "nab"
    if not folder.is_dir():
        reason = f"the labelled series are not at {folder}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("benchmark_anomalies", *arguments, stdout=out)
    return out.getvalue()


def small_corpus(folder: Path) -> Path:
    (folder / "data" / "kind").mkdir(parents=True)
    times = [f"2014-04-01 {minute // 60:02}:{minute % 60:02}:00" for minute in range(1000)]
    values = [500.0 if minute == 700 else 20.0 + minute % 7 for minute in range(1000)]
    rows = [f"{at},{value}" for at, value in zip(times, values, strict=True)]
    (folder / "data" / "kind" / "one.csv").write_text("timestamp,value\n" + "\n".join(rows), encoding="utf-8")
    windows = {"kind/one.csv": [[times[700] + ".000000", times[749] + ".000000"]], "kind/absent.csv": []}
    (folder / "combined_windows.json").write_text(json.dumps(windows), encoding="utf-8")
    costs = {"standard": {"CostMatrix": {"tpWeight": 1.0, "fnWeight": 1.0, "fpWeight": 0.11, "tnWeight": 1.0}}}
    (folder / "profiles.json").write_text(json.dumps(costs), encoding="utf-8")
    return folder


def test_a_folder_is_scored(tmp_path: Path) -> None:
    folder = str(small_corpus(tmp_path))
    assert json.loads(run(folder, "--json")) == {
        "files": 1,
        "profiles": {"standard": {"official": 100.0, "threshold": pytest.approx(0.9, abs=0.1), "honest": 100.0}},
    }
    table = run(folder, "--files")
    assert "1 files, 1,000 rows, 1 windows" in table
    assert "kind/one.csv" in table


def test_published_results_are_scored(tmp_path: Path) -> None:
    folder = small_corpus(tmp_path / "corpus")
    results = tmp_path / "results" / "kind"
    results.mkdir(parents=True)
    times = columns_of((folder / "data" / "kind" / "one.csv").read_text(encoding="utf-8"), ("timestamp",))[0]
    rows = [f"{at},0,{0.9 if row == 724 else 0.1},0" for row, at in enumerate(times)]
    text = "timestamp,value,anomaly_score,label\n" + "\n".join(rows)
    (results / "other_one.csv").write_text(text, encoding="utf-8")
    found = json.loads(run(str(folder), "--results", str(tmp_path / "results"), "--json"))["profiles"]["standard"]
    # Row 724 is at -(749 - 724 + 1) / 50 of its window.
    worth = (2 / (1 + math.exp(-5 * 26 / 50)) - 1) / 0.9866142981514305
    assert found == {"official": pytest.approx(100 * (worth + 1) / 2), "threshold": 0.9, "honest": None}


COSTS = {
    "standard": {"tpWeight": 1.0, "fnWeight": 1.0, "fpWeight": 0.11, "tnWeight": 1.0},
    "reward_low_FP_rate": {"tpWeight": 1.0, "fnWeight": 1.0, "fpWeight": 0.22, "tnWeight": 1.0},
    "reward_low_FN_rate": {"tpWeight": 1.0, "fnWeight": 2.0, "fpWeight": 0.11, "tnWeight": 1.0},
}


def benchmark_folder(folder: Path) -> Path:
    """58 files in the benchmark's own layout, every other one with two windows, and results of four detectors."""
    times = [f"2014-04-01 {minute // 60:02}:{minute % 60:02}:00" for minute in range(400)]
    windows = {}
    for number in range(58):
        name = f"kind{number % 7}/some_series_{number}.csv"
        starts = [] if number % 2 else [100, 300]
        windows[name] = [[f"{times[row]}.000000", f"{times[row + 49]}.000000"] for row in starts]
        write_rows(folder / "data" / name, "timestamp,value", [f"{at},1" for at in times])
        perfect = dict.fromkeys(starts, 1.0)
        hits = {"perfect": perfect, "half": dict.fromkeys(starts[:1], 1.0), "noisy": perfect | {250: 0.9}, "null": {}}
        for detector, scores in hits.items():
            path = folder / "results" / detector / Path(name).parent / f"{detector}_{Path(name).name}"
            usual = 0.5 if detector == "null" else 0.0
            rows = [f"{at},1,{scores.get(row, usual)},0,0,0,0" for row, at in enumerate(times)]
            write_rows(path, "timestamp,value,anomaly_score,label,S(t)_standard,S(t)_x,S(t)_y", rows)
        write_rows(folder / "results" / "perfect" / "perfect_standard_scores.csv", "Detector,Score", ["perfect,1"])
    (folder / "labels").mkdir()
    (folder / "labels" / "combined_windows.json").write_text(json.dumps(windows), encoding="utf-8")
    (folder / "config").mkdir()
    costs = {name: {"CostMatrix": cost} for name, cost in COSTS.items()}
    (folder / "config" / "profiles.json").write_text(json.dumps(costs), encoding="utf-8")
    thresholds = {name: {"threshold": 0.9 if name != "reward_low_FP_rate" else 1.0} for name in COSTS}
    (folder / "config" / "thresholds.json").write_text(json.dumps({"noisy": thresholds}), encoding="utf-8")
    return folder


def write_rows(path: Path, head: str, rows: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


def test_a_whole_benchmark_folder_is_scored_detector_by_detector(tmp_path: Path) -> None:
    folder = str(benchmark_folder(tmp_path))
    found = json.loads(run(folder, "--published", "--json"))
    assert set(found) == {"null", "perfect", "half", "noisy"}
    assert {(one["official"], one["honest"]) for one in found["null"].values()} == {(0.0, None)}
    assert {(one["official"], one["threshold"]) for one in found["perfect"].values()} == {(100.0, 1.0)}
    # Half of the windows, at their first rows: the others cost what they cost a detector that is silent.
    assert {one["official"] for one in found["half"].values()} == {50.0}
    noisy = {name: (one["official"], one["honest"]) for name, one in found["noisy"].items()}
    # At 0.9 each of the 58 files has a false detection: half of them 101 rows behind a window, half without one.
    cost = (29 + 29 * -(2 / (1 + math.exp(5 * 101 / 49)) - 1)) * 0.11
    assert noisy == {
        "standard": (100.0, pytest.approx(100 * (1 - cost / 116))),
        "reward_low_FP_rate": (100.0, 100.0),
        "reward_low_FN_rate": (100.0, pytest.approx(100 * (1 - cost / 174))),
    }
    table = run(folder, "--published").splitlines()
    assert [line.split()[0] for line in table[3:]] == ["half", "noisy", "null", "perfect"]
    assert json.loads(run(folder, "--results", f"{folder}/results/perfect", "--json"))["files"] == 58


def test_published_scores_need_results(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no detector's result"):
        run(str(small_corpus(tmp_path)), "--published")


def test_a_folder_without_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no combined_windows"):
        run(str(tmp_path))


def test_a_folder_without_known_files_is_refused(tmp_path: Path) -> None:
    folder = small_corpus(tmp_path)
    (folder / "data" / "kind" / "one.csv").unlink()
    with pytest.raises(CommandError, match="No file was found"):
        run(str(folder))


@pytest.mark.data
def test_published_scores_are_reproduced_from_the_detector_that_made_them(nab: Path, tmp_path: Path) -> None:
    for name in PUBLISHED:
        times, values = columns_of((nab / "data" / name).read_text(encoding="utf-8"), ("timestamp", "value"))
        scores = windowed_gaussian([float(value) for value in values])
        rows = [f"{at},{value},{score:.12g},0" for at, value, score in zip(times, values, scores, strict=True)]
        path = tmp_path / Path(name).parent / f"windowedGaussian_{Path(name).name}"
        path.parent.mkdir(exist_ok=True)
        path.write_text("timestamp,value,anomaly_score,label\n" + "\n".join(rows), encoding="utf-8")
    lines = run(str(nab), "--results", str(tmp_path), "--threshold", "1", "--files").splitlines()
    told = {line.split()[0]: line.split() for line in lines if line.split()[:1] and line.split()[0] in PUBLISHED}
    found = {name: (words[1], *(int(words[at]) for at in (6, 8, 10, 12))) for name, words in told.items()}
    assert found == {name: (f"{score:.5f}", *counts) for name, (score, *counts) in PUBLISHED.items()}


@pytest.mark.data
def test_the_detector_keeps_its_scores_on_real_series(nab: Path) -> None:
    found = json.loads(run(str(nab), "--json"))["profiles"]
    assert found["standard"]["official"] >= 60.0
    assert found["standard"]["honest"] >= 60.0
    assert found["reward_low_FP_rate"]["honest"] >= 45.0
    assert found["reward_low_FN_rate"]["honest"] >= 60.0


def windowed_gaussian(values: list[float]) -> list[float]:
    """The benchmark's simplest detector: the probability that a Gaussian of the last 6,400 values is less extreme."""
    scores, total, squares = [0.0], values[0], values[0] ** 2
    for row, value in enumerate(values[1:], start=1):
        count = min(row, 6_400)
        mean = total / count
        deviation = math.sqrt(max(0.0, squares / count - mean * mean)) or 0.000001
        scores.append(1.0 - 0.5 * math.erfc(abs(value - mean) / deviation / 1.4142))
        gone = values[row - 6_400] if row >= 6_400 else 0.0
        total, squares = total + value - gone, squares + value * value - gone * gone
    return scores
