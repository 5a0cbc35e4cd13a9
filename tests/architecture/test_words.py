"""Everything that people read on pages is marked for translation, and every language says all of it."""

import re
from pathlib import Path
from typing import Final

import pytest

from scripts.words import faults, languages
from tests.architecture.sources import ROOT, name

#: Told in English only. The list may only shrink.
ENGLISH_ONLY: Final = ("templates/docs/", "templates/api/", "templates/admin/")
#: Names and units that are the same in every language.
SAME: Final = re.compile(
    r"\b(Opinion Market|TradingView|API|CSV|PDF|Excel|XLSX|JSON|UTC|QR|OTP|BSD|Yes|No|ms|min|GiB|MiB|px|from|site"
    r"|Opinion|Market|RFC|NO|LMSR|r2|bot|Lightweight Charts|Esc|Enter|Del|cpu_usage|such as)\b"
)
_GONE: Final = (
    r"\{#.*?#\}",
    r"<!--.*?-->",
    r"\{% comment %\}.*?\{% endcomment %\}",
    r"\{% blocktrans(?:late)?\b.*?\{% endblocktrans(?:late)? %\}",
    r"<(script|style|pre|code|kbd)\b.*?</\1>",
    r"\{\{.*?\}\}",
    r"\{%.*?%\}",
)
_READ_ATTRIBUTE: Final = re.compile(r'\s(?:title|aria-label|placeholder|alt|data-label)="([^"]*)"')


def _unmarked(template: str) -> list[str]:
    for pattern in _GONE:
        template = re.sub(pattern, " ", template, flags=re.DOTALL)
    found = [*_READ_ATTRIBUTE.findall(template), *re.split(r"<[^<>]*>", template)]
    said = (SAME.sub("", re.sub(r"&#?\w+;", " ", text)) for text in found)
    return [text.strip() for text in said if re.search(r"[A-Za-z]{3,}", text)]


def _templates() -> list[Path]:
    found = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})
    return [path for path in found if not name(path).startswith(ENGLISH_ONLY)]


def test_templates_say_nothing_that_isnt_marked() -> None:
    found = {name(path): _unmarked(path.read_text(encoding="utf-8")) for path in _templates()}
    assert {path: words for path, words in found.items() if words} == {}


def test_what_is_left_out_is_there() -> None:
    assert all((ROOT / folder).is_dir() for folder in ENGLISH_ONLY)


@pytest.mark.parametrize("language", languages())
def test_a_language_is_whole(language: str) -> None:
    """Each word of the sources is translated with the same placeholders, and the compiled files are of the .po."""
    assert faults(language) == []
