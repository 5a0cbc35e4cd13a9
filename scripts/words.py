"""The words of the interface and their translations, without the gettext tools.

    python scripts/words.py update     find the words of templates, Python and scripts, for each language's .po
    python scripts/words.py missing    the words that have no translation yet
    python scripts/words.py compile    write what the site reads: the .mo, and static/js/words/LANGUAGE.json,
                                        LANGUAGE.refusals.json and LANGUAGE.phrases.json
    python scripts/words.py check      fail with what a test would find

Why        Django's makemessages and compilemessages need xgettext and msgfmt of the machine; Babel reads the same
           sources everywhere, and what the site reads is committed, so that running it needs neither.
"""

import ast
import gettext
import importlib.util
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from common.staff_names import names
from scripts.phrases import phrases, with_places

APPS: Final = (
    "accounts",
    "alerting",
    "analytics",
    "common",
    "demo",
    "markets",
    "monitoring",
    "opinion_market",
    "trading",
)
PYTHON_WORDS: Final = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
SCRIPT_WORDS: Final = {"word": None, "words": (1, 2)}
_TEXT: Final = r"""u?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
#: A call in what Django makes of a template; the rest of it is no Python.
_CALL: Final = re.compile(rf"\b(?:_|n?p?gettext)\({_TEXT}(?:\s*,\s*{_TEXT})*", re.DOTALL)
_PLACE: Final = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
#: Libraries whose pages are shown; the theme of the administration brings no translations.
LIBRARIES: Final = ("unfold",)
_REFUSAL: Final = re.compile(rf'"([a-z_.]+)": gettext_noop\(\s*({_TEXT})')
_WIDTH: Final = 110

Id = str | tuple[str, str]


def languages() -> list[str]:
    return sorted(path.name for path in (ROOT / "locale").iterdir() if path.is_dir())


def _found(text: str, kind: str, keywords: dict[str, object]) -> Iterator[tuple[Id, str | None]]:
    for _, message, _, context in extract(kind, io.BytesIO(text.encode()), keywords=keywords):
        yield (message if isinstance(message, str) else (message[0], message[1])), context


def _calls(template: str) -> str:
    return "".join(f"{call})\n" for call in _CALL.findall(templatize(template)))


def page_words(language: str) -> dict[tuple[Id, str | None], None]:
    """Of templates and Python, by message and context, in the order in which they are found; then of the libraries."""
    found = _templates(ROOT / "templates")
    for app in APPS:
        found |= _python((ROOT / app).rglob("*.py"))
    found |= dict.fromkeys(names()) | library_words(language)
    # Catalogues keep a text with a number and the same text without one under the same name.
    numbered = {(message[0], context) for message, context in found if not isinstance(message, str)}
    return {(message, context): None for message, context in found if (message, context) not in numbered}


def _templates(folder: Path) -> dict[tuple[Id, str | None], None]:
    found: dict[tuple[Id, str | None], None] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".html", ".txt"}:
            found |= dict.fromkeys(_found(_calls(path.read_text("utf-8")), "python", PYTHON_WORDS))
    return found


def _python(paths: Iterable[Path]) -> dict[tuple[Id, str | None], None]:
    found: dict[tuple[Id, str | None], None] = {}
    for path in sorted(paths):
        text = path.read_text("utf-8")
        if "gettext" in text:
            found |= dict.fromkeys(_found(text, "python", PYTHON_WORDS))
    return found


def library_words(language: str) -> dict[tuple[Id, str | None], None]:
    """Of pages that others have written: what they and Django have no words for in this language."""
    found: dict[tuple[Id, str | None], None] = {}
    for library in LIBRARIES:
        folder = _folder(library)
        found |= _templates(folder / "templates") | _python(folder.rglob("*.py"))
    found |= {(message.id, message.context): None for message in _of_django("en")}
    told = {_key(message.id, message.context) for message in _of_django(language) if all(strings_of(message))}
    return {(message, context): None for message, context in found if _key(message, context) not in told}


def _of_django(language: str) -> Iterator[Message]:
    """What its administration says, if it knows the language."""
    for part in ("contrib/admin", "contrib/auth", "conf"):
        path = _folder("django") / part / "locale" / language / "LC_MESSAGES" / "django.po"
        if path.exists():
            with path.open("rb") as file:
                yield from (message for message in read_po(file, locale=language) if message.id and not message.fuzzy)


def _folder(library: str) -> Path:
    found = importlib.util.find_spec(library)
    assert found is not None, library
    assert found.origin is not None, library
    return Path(found.origin).parent


def _key(message: Id, context: str | None) -> tuple[str, str | None]:
    """As catalogues know it: a text with a number by its first form."""
    return message if isinstance(message, str) else message[0], context


def script_words(language: str) -> dict[tuple[Id, str | None], None]:
    found: dict[tuple[Id, str | None], None] = {}
    for folder in ("lib", "pages"):
        for path in sorted((ROOT / "static" / "js" / folder).glob("*.js")):
            found |= dict.fromkeys(_found(path.read_text("utf-8"), "javascript", SCRIPT_WORDS))
    return found


def phrase_words(language: str) -> dict[tuple[Id, str | None], None]:
    """What engines say, which ``common.phrases`` recognises."""
    return dict.fromkeys((text, None) for text in phrases())


DOMAINS: Final = {"django": page_words, "djangojs": script_words, "phrases": phrase_words}


def po_path(language: str, domain: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


def catalog(language: str, domain: str) -> Catalog:
    path = po_path(language, domain)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write_catalog(words: Catalog, path: Path) -> None:
    """By their English, without places and dates: a translation moves no other line."""
    text = io.BytesIO()
    write_po(text, words, width=_WIDTH, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {words.locale}\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {words.plural_forms}\\n"\n\n'
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(header.encode() + text.getvalue().strip() + b"\n")


def update() -> None:
    for domain, find in DOMAINS.items():
        for language in languages():
            due = find(language)
            old, new = catalog(language, domain), Catalog(locale=language)
            for message, context in due:
                known = old.get(message if isinstance(message, str) else message[0], context)
                if known is None and domain == "phrases":
                    known = _as_on_pages(language, str(message))
                string = known.string if known is not None and known.id == message else None
                new.add(message, string, context=context)
            write_catalog(new, po_path(language, domain))
            print(f"{language} {domain}: {len(due)} words, {len(list(missing(new)))} without translation")


def _as_on_pages(language: str, sentence: str) -> Message | None:
    """The translation of the same text in a template or view, with its places as phrases have them."""
    words = catalog(language, "django")
    for message in words:
        if isinstance(message.id, str) and message.id and with_places(message.id) == sentence:
            return Message(sentence, with_places(str(message.string or "")))
    return None


def missing(words: Catalog) -> Iterator[Message]:
    for message in words:
        if message.id and not all(strings_of(message)):
            yield message


def strings_of(message: Message) -> tuple[str, ...]:
    return (message.string or "",) if isinstance(message.string, str | None) else tuple(message.string)


def compiled(words: Catalog) -> bytes:
    """The bytes of the .mo."""
    words.creation_date = words.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    write_mo(out, words)
    return out.getvalue()


def for_scripts(words: Catalog) -> dict[str, str | list[str]]:
    """``{English: translation}``; of words with a number ``{English of one: [of one, of many]}``."""
    told = ((m.id if isinstance(m.id, str) else m.id[0], m.string) for m in words if m.id and all(strings_of(m)))
    return {key: string if isinstance(string, str) else list(string) for key, string in sorted(told)}


def refusals(words: Catalog) -> dict[str, str]:
    """``{code: translation}`` of what common/problem_words.py says."""
    source = (ROOT / "common" / "problem_words.py").read_text("utf-8")
    said = {code: ast.literal_eval(text) for code, text in _REFUSAL.findall(source)}
    told = {code: words.get(text) for code, text in said.items()}
    return {code: str(message.string) for code, message in sorted(told.items()) if message and message.string}


def for_pages(words: Catalog) -> dict[str, str]:
    """``{sentence: translation}`` of what engines say."""
    return {str(message.id): str(message.string) for message in words if message.id}


def refusals_path(language: str) -> Path:
    return json_path(language).with_suffix(".refusals.json")


def mo_path(language: str) -> Path:
    return po_path(language, "django").with_suffix(".mo")


def phrases_path(language: str) -> Path:
    return json_path(language).with_suffix(".phrases.json")


def json_path(language: str) -> Path:
    return ROOT / "static" / "js" / "words" / f"{language}.json"


def compile_all() -> None:
    for language in languages():
        mo_path(language).write_bytes(compiled(catalog(language, "django")))
        text = json.dumps(for_scripts(catalog(language, "djangojs")), ensure_ascii=False, separators=(",", ":"))
        json_path(language).write_text(text + "\n", "utf-8")
        text = json.dumps(for_pages(catalog(language, "phrases")), ensure_ascii=False, indent=0)
        phrases_path(language).write_text(text + "\n", "utf-8")
        text = json.dumps(refusals(catalog(language, "django")), ensure_ascii=False, separators=(",", ":"))
        refusals_path(language).write_text(text + "\n", "utf-8")


def faults(language: str) -> list[str]:
    """What keeps a language from being whole."""
    told = []
    for domain, find in DOMAINS.items():
        words, due = catalog(language, domain), find(language)
        known = {(message.id, message.context) for message in words if message.id}
        told += [
            f"{domain}: not in the .po: {message!r}" for message, context in due if (message, context) not in known
        ]
        told += [f"{domain}: nobody says any more: {message!r}" for message in known - set(due)]
        for message in words:
            if message.id:
                told += [f"{domain}: {fault}: {message.id!r}" for fault in _faults(message)]
    with mo_path(language).open("rb") as file:
        read = gettext.GNUTranslations(file)
    with io.BytesIO(compiled(catalog(language, "django"))) as file:
        if _messages(read) != _messages(gettext.GNUTranslations(file)):
            told.append("the .mo isn't of the .po: run scripts/words.py compile")
    if json.loads(json_path(language).read_text("utf-8")) != for_scripts(catalog(language, "djangojs")):
        told.append("the .json of the scripts isn't of the .po: run scripts/words.py compile")
    if json.loads(phrases_path(language).read_text("utf-8")) != for_pages(catalog(language, "phrases")):
        told.append("the .json of the phrases isn't of the .po: run scripts/words.py compile")
    if json.loads(refusals_path(language).read_text("utf-8")) != refusals(catalog(language, "django")):
        told.append("the .json of the refusals isn't of the .po: run scripts/words.py compile")
    return told


def _messages(read: gettext.GNUTranslations) -> dict[object, str]:
    return {key: string for key, string in read._catalog.items() if key != ""}  # type: ignore[attr-defined]


def _faults(message: Message) -> Iterator[str]:
    if message.fuzzy:
        yield "is only guessed (fuzzy)"
    strings = strings_of(message)
    if not all(strings):
        yield "has no translation"
        return
    ids = (message.id,) if isinstance(message.id, str) else message.id
    due = set(_PLACE.findall(ids[-1]))
    for string in strings:
        if set(_PLACE.findall(string)) - due or (due - set(_PLACE.findall(string)) and len(ids) == 1):
            yield f"has other placeholders ({string!r})"
        if re.findall(r"</?\w+", string) and sorted(re.findall(r"</?\w+", string)) != sorted(
            re.findall(r"</?\w+", ids[0])
        ):
            yield f"has other tags ({string!r})"
        if [end in " \n" for end in (string[:1], string[-1:])] != [end in " \n" for end in (ids[0][:1], ids[0][-1:])]:
            yield "has other spaces at its ends"


def main() -> int:
    if not apps.ready:
        # The names of the administration are known once every app is there.
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")
        django.setup()
    command = sys.argv[1] if len(sys.argv) == 2 else ""
    if command == "update":
        update()
    elif command == "compile":
        compile_all()
    elif command == "missing":
        for language in languages():
            for domain in DOMAINS:
                for message in missing(catalog(language, domain)):
                    print(f"{language} {domain}: {message.id!r}")
    elif command == "check":
        told = [f"{language}: {fault}" for language in languages() for fault in faults(language)]
        print("\n".join(told) or "Every word has its translation.")
        return 1 if told else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
