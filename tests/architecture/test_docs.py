"""Documentation that the code can check."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.urls import get_resolver

from scripts.write_docs import PAGES
from tests.architecture.sources import ROOT

TEMPLATES = sorted((ROOT / "templates").rglob("*.html")) + sorted((ROOT / "templates").rglob("*.txt"))
URL_TAG = re.compile(r"""\{%\s*url\s+["']([\w:-]+)["']""")


@pytest.mark.parametrize("page", PAGES)
def test_generated_pages_are_up_to_date(page: str) -> None:
    """Run ``make fix`` after a change of settings or errors."""
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == PAGES[page]()


def url_names() -> set[str]:
    found: set[str] = set()

    def walk(resolver: object, prefix: str) -> None:
        for pattern in getattr(resolver, "url_patterns", []):
            if hasattr(pattern, "url_patterns"):
                walk(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
            elif pattern.name:
                found.add(prefix + pattern.name)

    walk(get_resolver(), "")
    return found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_parse_and_name_urls_that_exist(path: Path) -> None:
    get_template(str(path.relative_to(ROOT / "templates")))
    assert set(URL_TAG.findall(path.read_text(encoding="utf-8"))) - url_names() == set()


def test_evidence_of_the_security_checklist_is_there() -> None:
    text = (ROOT / "docs/asvs.md").read_text(encoding="utf-8")
    named = {path for path in re.findall(r"`([\w./-]+)`", text) if "/" in path and not path.startswith("/")}
    assert len(named) > 50
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []
    assert set(re.findall(r"^\| V\S.*? \| ([a-z/ ]+) \|", text, re.MULTILINE)) == {"met", "partly", "not met", "n/a"}
