"""The benchmark of 1,000 kills in small: real processes, real kills."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def test_twenty_kills_leave_no_job_in_limbo(project_dir: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.job_kills", "--kills", "20", "--runners", "2"]
    answer = subprocess.run(command, cwd=project_dir, capture_output=True, text=True, check=False, timeout=240)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    found = json.loads(answer.stdout)
    assert found["mistakes"] == []
    assert found["struck"] >= 1
    assert set(found["statuses"]) <= {"COMPLETED", "FAILED"}
