"""Stale reads decide nothing about money: only figures for people may come from the replica."""

import re
from pathlib import Path
from typing import Final

#: Who may read rows that are a little old.
READERS: Final = {"analytics/business/selectors/rows.py"}
#: Who tells how it is.
TELLERS: Final = {"monitoring/api/health_views.py"}
_APPS: Final = (
    "accounts",
    "markets",
    "trading",
    "monitoring",
    "alerting",
    "analytics",
    "demo",
    "common",
    "opinion_market",
)
_IMPORT: Final = re.compile(r"^(?:from|import) common\.replica\b|from common import .*\breplica\b", re.MULTILINE)

_BY_NAME: Final = re.compile(r"""\busing(?:\(|=)["'](?!default)""")


def _sources(project_dir: Path) -> dict[str, str]:
    files = (file for app in _APPS for file in (project_dir / app).rglob("*.py"))
    return {str(file.relative_to(project_dir)): file.read_text(encoding="utf-8") for file in files}


def test_only_business_figures_are_read_from_the_replica(project_dir: Path) -> None:
    found = {name for name, text in _sources(project_dir).items() if _IMPORT.search(text)}
    assert found == READERS | TELLERS


def test_models_are_read_from_no_database_by_name(project_dir: Path) -> None:
    """``PrimaryOnly`` answers for every model, unless somebody names a database."""
    found = {
        name for name, text in _sources(project_dir).items() if re.search(r"""\busing(?:\(|=)["'](?!default)""", text)
    }
    assert found == set()


def test_what_the_replica_answers_reaches_selectors_only(project_dir: Path) -> None:
    users = {name for name, text in _sources(project_dir).items() if "business.selectors.rows import fetch_all" in text}
    assert users
    assert all(name.startswith("analytics/business/selectors/") for name in users), users
