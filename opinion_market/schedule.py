"""What runs by the clock: every sweep, each safe to run twice. Beat runs once; see ``single_beat``."""

from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {}
