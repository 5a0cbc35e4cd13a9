"""Nothing begins before the processes that answer are forked."""

import subprocess
import sys
from pathlib import Path

_SCRIPT = """
import threading
import opinion_market.granian_server
from django.db import connections
assert [thread.name for thread in threading.enumerate()] == ["MainThread"], threading.enumerate()
assert [one.alias for one in connections.all(initialized_only=True) if one.connection is not None] == []
"""


def test_the_import_starts_no_thread_and_connects_to_nothing(project_dir: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _SCRIPT], cwd=project_dir, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
