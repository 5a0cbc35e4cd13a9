"""What `make up` starts."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from opinion_market.local.supervisor import Program
from opinion_market.management.commands.up import Command


def _programs(tmp_path: Path, **changes: int) -> dict[str, Program]:
    command = Command()
    command.env = replace(settings.ENV, demo=False, **changes)
    command.project_dir, command.data_dir = settings.BASE_DIR, tmp_path
    return {program.name: program for program in command._programs()}


def _after(command: list[str], option: str) -> str:
    return command[command.index(option) + 1]


def test_jobs_have_a_worker_of_their_own(tmp_path: Path) -> None:
    programs = _programs(tmp_path, worker_processes=2, job_processes=3)
    found = [
        (_after(list(programs[name].command), "--queues"), _after(list(programs[name].command), "--concurrency"))
        for name in ("worker", "jobs")
    ]
    assert found == [("celery", "2"), ("jobs", "3")]
    assert programs["worker"].marker != programs["jobs"].marker


@pytest.mark.parametrize(("max_workers", "counted"), [(2, "2"), (16, "5")])
def test_max_workers_bounds_every_number(tmp_path: Path, max_workers: int, counted: str) -> None:
    programs = _programs(tmp_path, worker_processes=5, job_processes=5, web_processes=5, max_workers=max_workers)
    # Two servers share the processes and the port, so that one answers while the other comes back.
    webs = [int(_after(list(programs[name].command), "--workers")) for name in ("web", "web-twin")]
    assert sum(webs) == int(counted)
    assert _after(list(programs["worker"].command), "--concurrency") == counted
    assert _after(list(programs["jobs"].command), "--concurrency") == counted


def test_what_leaves_the_house_has_threads_of_its_own(tmp_path: Path) -> None:
    command = list(_programs(tmp_path, delivery_threads=7)["alerting"].command)
    found = [_after(command, option) for option in ("--queues", "--pool", "--concurrency")]
    assert found == ["alerting", "threads", "7"]
