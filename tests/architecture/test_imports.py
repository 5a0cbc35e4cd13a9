import subprocess
import sys

from tests.architecture.sources import ROOT


def test_every_import_contract_is_kept() -> None:
    # Another process: the linter builds its graph from source, undisturbed by what the suite has loaded.
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr
