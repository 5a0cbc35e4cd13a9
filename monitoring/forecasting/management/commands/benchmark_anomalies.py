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
from monitoring.forecasting.engine.nab_rules import SILENT, Labelled, profiles_of, tally_at


class Command(BaseCommand):
    help = "Score the anomaly detector on a folder in the layout of the Numenta Anomaly Benchmark."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", help="Holds data/, and combined_windows.json and profiles.json somewhere.")
        parser.add_argument("--results", help="A folder of another detector's CSV files, to score these instead.")
        parser.add_argument("--threshold", type=float, help="A fixed threshold for --results, beside the best one.")
        parser.add_argument("--files", action="store_true", help="Tell the standard profile file by file, too.")
        parser.add_argument("--json", action="store_true", help="Write one JSON document instead of tables.")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["folder"])
        windows = windows_of(_document(folder, "combined_windows.json"))
        profiles = profiles_of(_document(folder, "profiles.json"))
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


def _shown(score: float | None) -> str:
    return "-" if score is None else f"{score:.2f}"


def _json(found: list[Outcome], files: list[Labelled]) -> str:
    scores = {
        one.profile.name: {"official": one.official, "threshold": one.best.threshold, "honest": one.honest}
        for one in found
    }
    return json.dumps({"files": len(files), "profiles": scores})
