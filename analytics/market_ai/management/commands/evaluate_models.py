"""Measure the models on histories: ``manage.py evaluate_models DIR``. Stores nothing."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.market_ai.engine.learning.scores import worse_sources
from analytics.market_ai.engine.learning.training import TooFewContracts, train
from analytics.market_ai.engine.samples import samples_of
from analytics.market_ai.services.evaluation_text import table
from analytics.market_ai.services.history_contracts import read_contracts
from trading.services.read_history import HistoryMistakes


class Command(BaseCommand):
    help = "Compare model, market price and base rate on histories, on answers and groups the model hadn't seen."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, help="A source folder, or a folder of such; docs/importing.md.")
        parser.add_argument("--json", action="store_true", help="Write one JSON document instead of a table.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            contracts, digest = read_contracts(directory=options["directory"])
            trained = train(samples_of(contracts), progress=self._show)
        except HistoryMistakes as error:
            raise CommandError("\n".join(map(str, error.mistakes))) from error
        except TooFewContracts as error:
            raise CommandError(f"Found {error}.") from error
        metrics = trained.metrics | {"data_sha256": digest, "worse_sources": worse_sources(trained.metrics["sources"])}
        self.stderr.write("")
        self.stdout.write(json.dumps(metrics) if options["json"] else table(metrics))

    def _show(self, done: int, total: int, words: str) -> None:
        self.stderr.write(f"\r{words}: {done} of {total}   ", ending="")
        self.stderr.flush()
