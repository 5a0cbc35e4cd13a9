"""Tell how well the tone that is found agrees with people's ratings of the same texts."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from analytics.sentiment.engine.correlation import pearson, spearman
from analytics.sentiment.engine.lexicon import VERSION, tone_of
from analytics.sentiment.types import Correlation

_COLUMNS = ("mean_human_rating", "text")


class Command(BaseCommand):
    help = "Correlate the lexicon's tone with human ratings: a CSV file with the columns mean_human_rating and text."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--least", type=float, default=0.6, help="Fail when a correlation is below this.")

    def handle(self, *args: Any, **options: Any) -> None:
        ratings, texts = _pairs(options["file"])
        tones = [tone_of(text) for text in texts]
        results = {"Pearson": pearson(tones, ratings), "Spearman": spearman(tones, ratings)}
        self.stdout.write(f"{VERSION} against the mean rating of people, n = {len(texts)}\n")
        for name, result in results.items():
            self.stdout.write(f"{name:9} {result.value:.3f}  (95 %: {result.low:.3f} to {result.high:.3f})")
        self._judge(results, options["least"])

    def _judge(self, results: dict[str, Correlation], least: float) -> None:
        if any(result.value < least for result in results.values()):
            raise CommandError(f"The tone agrees less than {least:g} with people.")
        self.stdout.write(f"Both are at least {least:g}.")


def _pairs(path: Path) -> tuple[list[float], list[str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        ratings = [float(row[_COLUMNS[0]]) for row in rows]
        texts = [row[_COLUMNS[1]] or "" for row in rows]
    except (OSError, KeyError, TypeError, ValueError) as problem:
        raise CommandError(f"{path} is no CSV file with the columns {' and '.join(_COLUMNS)}: {problem}") from problem
    if len(set(ratings)) < 2 or len(texts) < 4:
        raise CommandError("Give four texts at least, rated differently.")
    return ratings, texts
