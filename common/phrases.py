"""Sentences that the program makes in English, said in the language of who reads them.

Contract   ``said(text)`` is the translation of a sentence that an engine made, with the numbers and names that are in
           it; a text that no engine makes comes back as it is, so that what people wrote stays what they wrote.
           In English nothing is looked up.
Why        Engines know no languages, and what they say is kept as text by many tables, told by the API in English and
           compared by tests. ``scripts/words.py`` reads the sentences out of the engines' own sources with places for
           what they fill in, such as ``{title} rose to {value}``; a kept text is recognised by its sentence here. So no
           sentence is written twice, the rows of former versions are said too, and a sentence that was changed without
           its translation fails the check.
Bound      Texts longer than ``LENGTH_MAX`` aren't looked at; ``KEPT`` answers are remembered.
"""

import functools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from common.languages import code, outcome_word, with_sign, written

LENGTH_MAX: Final = 1_000
KEPT: Final = 4_096
#: A sentence in a sentence (its reason, say) and a name in that one.
_DEPTH_MAX: Final = 3
#: Letters of its own from which on a sentence says enough to be recognised whatever its places hold; with fewer one
#: of them has to hold a number or something known, and with hardly any all of them.
_TELLING: Final = 8
_HARDLY: Final = 4
_PLACE: Final = re.compile(r"\{(\w+)\}")
#: Two places with nothing or a space between them can be told apart only by what is known.
_BESIDE: Final = re.compile(r"\} ?\{")
_IN_BRACKETS: Final = re.compile(r"(.+?)( \(.+\))")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?]) (?=[A-Z]|[\w ]{1,20}: )")
_NUMBER: Final = re.compile(
    r"(?P<number>[-+−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(?P<rest>%|(?: \S+)?)"  # noqa: RUF001  a true minus
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """``literal``: the longest text of it that is always there; ``letters``: how many letters are. Of ``patterns``
    the one counts that finds more of what is known in the places."""

    text: str
    literal: str
    letters: int
    patterns: tuple[re.Pattern[str], ...]
    translation: str


@dataclass(frozen=True, slots=True)
class _Known:
    """``telling`` sentences, those with most letters first; ``weak`` ones hold little more than places. ``naming`` are
    the telling ones with a colon of their own."""

    whole: Mapping[str, str]
    naming: tuple[_Sentence, ...]
    telling: tuple[_Sentence, ...]
    weak: tuple[_Sentence, ...]


def said(text: object) -> str:
    """In the active language."""
    plain = "" if text is None else str(text)
    language = code()
    if language == "en" or not plain or len(plain) > LENGTH_MAX:
        return plain
    return _said(language, plain)


@functools.lru_cache(maxsize=KEPT)
def _said(language: str, text: str) -> str:
    return _value(_known(language), text, -1)


@functools.cache
def _known(language: str) -> _Known:
    path = settings.BASE_DIR / "static" / "js" / "words" / f"{language}.phrases.json"
    if not path.exists():
        return _Known({}, (), (), ())
    told: dict[str, str] = json.loads(path.read_text("utf-8"))
    whole = {text: words for text, words in told.items() if not _PLACE.search(text)}
    sentences = [_sentence(text, words) for text, words in told.items() if text not in whole]
    sentences.sort(key=lambda one: -one.letters)
    telling = [one for one in sentences if one.letters >= _TELLING]
    naming = tuple(one for one in telling if ":" in one.text)
    return _Known(whole, naming, tuple(telling), tuple(sentences[len(telling) :]))


def _sentence(text: str, translation: str) -> _Sentence:
    parts = _PLACE.split(text.strip())
    fixed = parts[::2]
    letters = sum(map(str.isalpha, "".join(fixed)))
    patterns = (_pattern(parts, "?"), _pattern(parts, "")) if _BESIDE.search(text) else (_pattern(parts, "?"),)
    return _Sentence(text, max(fixed, key=len), letters, patterns, translation.strip())


def _pattern(parts: Sequence[str], greed: str) -> re.Pattern[str]:
    """A place right after another one may be empty."""
    text = ""
    for number, part in enumerate(parts):
        if number % 2 == 0:
            text += re.escape(part)
        else:
            text += f"(?P<{part}>.{'*' if number > 1 and not parts[number - 1] else '+'}{greed})"
    return re.compile(text, re.DOTALL)


def _found(known: _Known, text: str, depth: int) -> str:
    """Empty where nothing of it is known; with the spaces around it, and the mark of a list before it."""
    plain = text.strip().removeprefix("- ")
    if (found := known.whole.get(plain)) is None:
        if depth >= _DEPTH_MAX or not plain:
            return ""
        found = (
            _in_sentences(known, plain, depth, is_whole=True)
            or _filled(known, known.naming, plain, depth)
            or _stopped(_filled(known, known.naming, plain[:-1], depth) if plain.endswith(".") else "")
            or _named(known, plain, depth)
            or _filled(known, known.telling, plain, depth)
            or _in_sentences(known, plain, depth, is_whole=False)
            or _ended(known, plain, depth)
            or _weakly(known, plain, depth)
        )
    if not found or plain == text:
        return found
    at = text.index(plain)
    return f"{text[:at]}{found}{text[at + len(plain) :]}"


def _stopped(found: str) -> str:
    return f"{found}." if found else ""


def _filled(known: _Known, sentences: Iterable[_Sentence], text: str, depth: int) -> str:
    for one in sentences:
        if one.literal in text and (match := _match(known, one, text)) is not None:
            values = {name: _value(known, value, depth) for name, value in match.items()}
            return _PLACE.sub(lambda place, values=values: values[place[1]], one.translation)  # type: ignore[misc]
    return ""


def _match(known: _Known, one: _Sentence, text: str) -> dict[str, str] | None:
    matches = [match.groupdict() for match in (pattern.fullmatch(text) for pattern in one.patterns) if match]
    return max(matches, key=lambda found: sum(value in known.whole for value in found.values()), default=None)


def _weakly(known: _Known, text: str, depth: int) -> str:
    """By a sentence such as ``{low} to {high}``, where places hold numbers or what is known."""
    for one in known.weak:
        match = _match(known, one, text) if one.literal in text else None
        if match is None:
            continue
        holds = [value in known.whole or re.search(r"\d", value) is not None for value in match.values()]
        if any(holds) if one.letters >= _HARDLY else all(holds):
            return _filled(known, (one,), text, depth)
    return ""


def _in_sentences(known: _Known, text: str, depth: int, *, is_whole: bool) -> str:
    """Of lines or sentences one after another: each as far as it is known, or only if all are."""
    for separator, parts in (("\n", text.split("\n")), (" ", _SENTENCE_END.split(text))):
        if len(parts) > 1:
            found = [_found(known, part, depth + 1) for part in parts]
            if all(found) if is_whole else any(found):
                return separator.join(words or part for words, part in zip(found, parts, strict=True))
            return ""
    return ""


def _named(known: _Known, text: str, depth: int) -> str:
    """``name: value``, where the name is known, or the value a whole sentence."""
    head, colon, rest = text.partition(": ")
    found = (_found(known, head, depth + 1) or (head if rest in known.whole else "")) if colon else ""
    if found:
        end = "." if rest.endswith(".") and _found(known, rest, depth + 1) == "" else ""
        return f"{found}: {_value(known, rest.removesuffix(end), depth)}{end}"
    return ""


def _ended(known: _Known, text: str, depth: int) -> str:
    """What ends with a full stop that the sentence lacks, or with brackets that say where."""
    if text.endswith(".") and (found := _stopped(_found(known, text[:-1], depth))):
        return found
    if (match := _IN_BRACKETS.fullmatch(text)) is not None and (found := _found(known, match[1], depth + 1)):
        return f"{found}{match[2]}"
    return ""


def _value(known: _Known, text: str, depth: int) -> str:
    """What stands in a place: a number in the reader's marks, an outcome, a sentence, or a name as it is."""
    if (number := _NUMBER.fullmatch(text)) is not None:
        if number["rest"] == "%":
            return with_sign(number["number"], "%")
        unit = number["rest"].removeprefix(" ")
        return f"{written(number['number'])} {known.whole.get(unit, unit)}" if unit else written(number["number"])
    return _found(known, text, depth + 1) or outcome_word(text)
