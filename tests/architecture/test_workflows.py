"""The hosted checks run the doors of this repository, all of them, with actions that can't change under us."""

import re
from pathlib import Path

import pytest
import yaml

from tests.architecture.sources import ROOT, name

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
DOORS = set(re.findall(r"^([a-z0-9]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def ci_doors() -> set[str]:
    document = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    return set(document["jobs"]["door"]["strategy"]["matrix"]["door"])


def test_every_stage_of_the_local_run_is_a_door_of_the_workflow() -> None:
    stages = re.findall(r"^stage \"make (\w+)", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(stages) - {"setup"} <= ci_doors() <= DOORS


@pytest.mark.parametrize("path", WORKFLOWS, ids=name)
def test_actions_are_pinned_by_commit(path: Path) -> None:
    used = re.findall(r"\buses:\s*(\S+)", path.read_text(encoding="utf-8"))
    assert used
    assert [action for action in used if not PINNED.fullmatch(action)] == []
