"""Train a model on answered markets: ``manage.py train_models [--history DIR]``."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics.market_ai.services.evaluation_text import table
from analytics.market_ai.services.history_contracts import read_contracts
from analytics.market_ai.services.site_contracts import site_contracts
from analytics.market_ai.services.train_model import contracts_digest, train_model
from common.errors import DomainError
from trading.services.read_history import HistoryMistakes


class Command(BaseCommand):
    help = "Train on the site's resolved markets, or on histories; promoted if it is better than the price."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--history", type=Path, metavar="DIR", help="Learn from these files (docs/importing.md).")

    def handle(self, *args: Any, **options: Any) -> None:
        directory = options["history"]
        try:
            if directory is None:
                contracts, origin = site_contracts(), "resolved markets of this site"
                digest = contracts_digest(contracts)
            else:
                contracts, files = read_contracts(directory=directory)
                # Those that were imported may be the same ones; those that were asked here can't be.
                contracts += [one for one in site_contracts() if not one.source]
                digest, origin = contracts_digest(contracts, files), f"histories in {directory.name}, and this site"
            model = train_model(contracts=contracts, data_sha256=digest, origin=origin, progress=self._show)
        except HistoryMistakes as error:
            raise CommandError("\n".join(map(str, error.mistakes))) from error
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stderr.write("")
        self.stdout.write(table(model.metrics))
        self.stdout.write(
            f"Model {model.pk}: {model.status}. {model.verdict} {model.contracts} contracts in {model.groups} groups, "
            f"data {model.data_sha256[:12]}, artefact {model.artefact_sha256[:12]}."
        )

    def _show(self, done: int, total: int, words: str) -> None:
        self.stderr.write(f"\r{words}: {done} of {total}   ", ending="")
        self.stderr.flush()
