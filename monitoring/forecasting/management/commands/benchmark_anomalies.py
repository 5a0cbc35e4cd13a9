"""Scores the anomaly detector, or published results of another one, by the rules of the Numenta Anomaly Benchmark."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitoring.forecasting.engine.nab_corpus import FIXED_THRESHOLD, Outcome, detector_scores, outcomes
from monitoring.forecasting.engine.nab_files import Windows, columns_of, data_name_of, epoch_of, plain_time, windows_of
from monitoring.forecasting.engine.nab_rules import SILENT, Labelled, Profile, profiles_of, tally_at


class Command(BaseCommand):
    help = "Score the anomaly detector on a folder in the layout of the Numenta Anomaly Benchmark."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", help="Holds data/, and combined_windows.json and profiles.json somewhere.")
        parser.add_argument("--results", help="A folder of another detector's CSV files, to score these instead.")
        parser.add_argument("--threshold", type=float, help="A fixed threshold for --results, beside the best one.")
        parser.add_argument("--published", action="store_true", help="Score every detector in the folder's results/.")
        parser.add_argument("--files", action="store_true", help="Tell the standard profile file by file, too.")
        parser.add_argument("--json", action="store_true", help="Write one JSON document instead of tables.")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"])
        windows = windows_of(_document(folder, "combined_windows.json"))
        profiles = profiles_of(_document(folder, "profiles.json"))
        if options["published"]:
            self._write_published(folder, windows, profiles, is_json=options["json"])
            return
        started = time.process_time()
        if options["results"]:
            files, fixed = list(_published(Path(options["results"]), windows)), options["threshold"]
        else:
            files, fixed = list(_scored(folder, windows)), FIXED_THRESHOLD
        if not files:
            raise CommandError("No file was found that combined_windows.json knows.")
        rows = sum(len(file.times) for file in files)
        spent = (time.process_time() - started) / rows * 1e6
        found = outcomes(files, profiles, fixed)
        self.stdout.write(_json(found, files) if options["json"] else _table(found, files, rows, spent))
        if options["files"]:
            self._write_files(found[0], files)

    def _write_published(self, folder: Path, windows: Windows, profiles: list[Profile], *, is_json: bool) -> None:
        """Each detector at the best threshold, and at the one that the benchmark's thresholds.json names."""
        thresholds = _document(folder, "thresholds.json") if any(folder.rglob("thresholds.json")) else {}
        found: dict[str, list[Outcome]] = {}
        for results in sorted(path for path in (folder / "results").glob("*") if path.is_dir()):
            files = list(_published(results, windows))
            known = {name: entry["threshold"] for name, entry in thresholds.get(results.name, {}).items()}
            if files:
                found[results.name] = [outcomes(files, [one], known.get(one.name))[0] for one in profiles]
        if not found:
            raise CommandError(f"There is no detector's result of a known file in {folder / 'results'}.")
        self.stdout.write(_json_of_detectors(found) if is_json else _detectors(found, profiles))

    def _write_files(self, outcome: Outcome, files: list[Labelled]) -> None:
        self.stdout.write(f"\n{outcome.profile.name} at threshold {outcome.fixed.threshold:g}, file by file")
        for file in files:
            tally = tally_at([file], outcome.profile, min(outcome.fixed.threshold, SILENT))
            counts = f"tp {tally.tp:5} tn {tally.tn:6} fp {tally.fp:5} fn {tally.fn:5}"
            self.stdout.write(f"{file.name:<60} {tally.score:9.5f} of {len(file.windows)} windows  {counts}")


def _document(folder: Path, name: str) -> Any:
    """The file of this name, wherever in the folder it lies."""
    found = sorted(folder.rglob(name), key=lambda path: len(path.parts))
    if not found:
        raise CommandError(f"There is no {name} in {folder}.")
    return json.loads(found[0].read_text(encoding="utf-8"))


def _scored(folder: Path, windows: Windows) -> Iterator[Labelled]:
    for name, limits in sorted(windows.items()):
        path = folder / "data" / name
        if path.exists():
            times, values = columns_of(path.read_text(encoding="utf-8"), ("timestamp", "value"))
            points = ((epoch_of(at), float(value)) for at, value in zip(times, values, strict=True))
            yield Labelled(name, [plain_time(at) for at in times], detector_scores(points), limits)


def _published(folder: Path, windows: Windows) -> Iterator[Labelled]:
    for path in sorted(folder.rglob("*.csv")):
        name = data_name_of(path.relative_to(folder).as_posix(), windows)
        if name is not None:
            times, scores = columns_of(path.read_text(encoding="utf-8"), ("timestamp", "anomaly_score"))
            yield Labelled(name, [plain_time(at) for at in times], [float(score) for score in scores], windows[name])


def _table(found: list[Outcome], files: list[Labelled], rows: int, spent_us: float) -> str:
    labelled = sum(len(file.windows) for file in files)
    head = f"{len(files)} files, {rows:,} rows, {labelled} windows, {spent_us:.1f} µs a row (reading included)"
    lines = [head, "", f"{'profile':<20}{'official':>10}{'threshold':>12}{'honest':>10}{'tp':>8}{'fp':>8}"]
    for one in found:
        shown = [_shown(one.official), f"{one.best.threshold:.4f}", _shown(one.honest)]
        lines.append(
            f"{one.profile.name:<20}{shown[0]:>10}{shown[1]:>12}{shown[2]:>10}{one.fixed.tp:>8}{one.fixed.fp:>8}"
        )
    return "\n".join(lines)


def _detectors(found: dict[str, list[Outcome]], profiles: list[Profile]) -> str:
    lines = ["Score at the best threshold, and at the benchmark's own one", ""]
    lines.append(f"{'detector':<24}" + "".join(f"{one.name:>24}" for one in profiles))
    for name, scored in found.items():
        lines.append(f"{name:<24}" + "".join(f"{_shown(one.official):>14}{_shown(one.honest):>10}" for one in scored))
    return "\n".join(lines)


def _json_of_detectors(found: dict[str, list[Outcome]]) -> str:
    return json.dumps({name: {one.profile.name: _scores(one) for one in scored} for name, scored in found.items()})


def _scores(one: Outcome) -> dict[str, float | None]:
    return {"official": one.official, "threshold": one.best.threshold, "honest": one.honest}


def _shown(score: float | None) -> str:
    return "-" if score is None else f"{score:.2f}"


def _json(found: list[Outcome], files: list[Labelled]) -> str:
    return json.dumps({"files": len(files), "profiles": {one.profile.name: _scores(one) for one in found}})
