"""Run the simulated traders until SIGTERM or Ctrl-C."""

import logging
import signal
import threading
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from common.metrics.agent import start_measuring
from demo.services.run_traders import run_traders


def _rate(text: str) -> float:
    value = float(text)
    if not 0 < value <= 50:
        raise ArgumentTypeError("must be more than 0 and at most 50")
    return value


class Command(BaseCommand):
    help = "Let the simulated traders trade through the public API; docs/demo.md tells more."

    def add_arguments(self, parser: ArgumentParser) -> None:
        host = "127.0.0.1" if settings.ENV.host in ("0.0.0.0", "::") else settings.ENV.host  # noqa: S104
        parser.add_argument("--url", default=f"http://{host}:{settings.ENV.port}", help="Address of the site.")
        parser.add_argument("--rate", type=_rate, default=4.0, help="Orders and cancels a second, all together.")

    def handle(self, *args: Any, **options: Any) -> None:
        # Each request would be a line of the log.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        start_measuring("demo")
        self.stdout.write(f"Simulated traders trade at {options['url']}.")
        run_traders(url=options["url"], rate=options["rate"], stop=stop)
        self.stdout.write("The simulated traders have stopped.")
