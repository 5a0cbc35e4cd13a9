"""Everything that people read on pages is marked for translation, and every language says all of it."""

import re
from pathlib import Path
from typing import Final

import pytest

from scripts.words import faults, languages
from tests.architecture.sources import ROOT, name

#: Told in English only. The list may only shrink.
ENGLISH_ONLY: Final = ("templates/docs/", "templates/api/")
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


#: A comment or a text of a script.
_TOKEN: Final = re.compile(
    r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    r"|`(?:\\.|\$\{(?:[^{}`]|\{[^{}]*\}|`[^`]*`)*\}|[^`\\])*`",
    re.DOTALL,
)
_FILLED: Final = re.compile(r"\$\{(?:[^{}`]|\{[^{}]*\}|`[^`]*`)*\}")
#: Two words, the second one small; a word with a capital alone; a word beside something filled in.
_SENTENCE: Final = re.compile(r"[A-Za-z’]{2,},? [a-z’]{2,}|^[A-Z][a-z]{2,}[.…]?$|· [a-z]{3,}|[a-z]{3,} ·")
#: Selectors, names of classes, addresses, drawings.
_MACHINES: Final = re.compile(
    r"[<>\[\]#={}]|^[a-z-]+(?: [a-z]+-?[a-z-]+)*(?: ·)?$|^key series-|^(?:input|select|textarea)(?:, |$)"
    r"|^· (?:min|button)$|^Notification$|^\.|^/|--|\bM\d|px|Bearer ·"
)
_MARKED: Final = re.compile(r"\bwords?\((?:[^()]|\([^()]*\))*$|(?:\bnew Error\(|[!=]==|\bcase|\bin)\s*$")
#: English scripts: the documentation of the API, and the administration's.
_ENGLISH_SCRIPTS: Final = ("static/js/pages/api_docs.js", "static/js/pages/admin.js", "static/js/lib/phrases.js")


def _unmarked_in(script: str) -> list[str]:
    found = []
    for token in _TOKEN.finditer(script):
        text = token[0]
        if text.startswith("/"):
            continue
        bare = _FILLED.sub("·", text[1:-1])
        is_marked = _MARKED.search(script[max(0, token.start() - 300) : token.start()].rstrip())
        if _SENTENCE.search(bare) and not _MACHINES.search(bare) and not is_marked:
            found.append(text)
    return found


def test_scripts_say_nothing_that_isnt_marked() -> None:
    paths = sorted(path for folder in ("lib", "pages") for path in (ROOT / "static/js" / folder).glob("*.js"))
    found = {name(path): _unmarked_in(path.read_text(encoding="utf-8")) for path in paths}
    assert {path: texts for path, texts in found.items() if texts and path not in _ENGLISH_SCRIPTS} == {}


def test_an_unmarked_text_of_a_script_is_found() -> None:
    script = """
      // Nothing to see here.
      const one = word("It is marked"), two = "It is not", three = `${four} more of it`;
      box.className = "button small"; say(words("{count} day", "{count} days", 3), "Saved");
    """
    assert _unmarked_in(script) == ['"It is not"', "`${four} more of it`", '"Saved"']
