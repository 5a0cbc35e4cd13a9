"""Become one of the product's programs: web, worker, jobs, alerting or beat. For images, clusters and systemd."""

import os
import sys
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand

from opinion_market.local.supervisor import beat_command, web_command, worker_command
from opinion_market.settings.env import Env

ROLES: Final = {"web": "web", "worker": "worker", "jobs": "worker", "alerting": "worker", "beat": "worker"}


class Command(BaseCommand):
    help = __doc__
    # The program makes its own checks when it starts.
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("program", choices=ROLES)

    def handle(self, *args: Any, program: str, **options: Any) -> None:
        command = command_of(program, settings.ENV, Path(settings.DATA_DIR))
        os.environ["PROCESS_ROLE"] = ROLES[program]
        os.environ.setdefault("PYTHONUNBUFFERED", "1")
        # It replaces this process, so that signals of whoever started it arrive where they belong.
        os.execv(command[0], command)  # noqa: S606


def command_of(program: str, env: Env, data_dir: Path) -> list[str]:
    """The command line of ``program`` with the numbers of ``env``."""
    python = sys.executable
    processes = {"worker": env.worker_processes, "jobs": env.job_processes, "alerting": env.delivery_threads}
    match program:
        case "web":
            return web_command(
                python=python,
                server=env.server,
                host=env.host,
                port=env.port,
                processes=min(env.web_processes, env.max_workers),
                memory_mb=env.memory_threshold_mb,
                grace_s=env.drain_grace_s + env.drain_finish_s,
            )
        case "beat":
            return beat_command(python=python, data_dir=data_dir)
        case "alerting":
            return worker_command(python=python, processes=processes[program], queue=program, pool="threads")
        case "jobs":
            return worker_command(python=python, processes=min(processes[program], env.max_workers), queue=program)
        case _:
            return worker_command(python=python, processes=min(processes[program], env.max_workers))
