"""The files that the rules of this directory are about."""

import ast
import functools
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "alerting", "analytics", "common", "demo", "markets", "monitoring", "opinion_market", "trading")


@functools.cache
def python_files() -> tuple[Path, ...]:
    return tuple(path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts)


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
