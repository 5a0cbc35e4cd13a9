"""How numbers are written in the reader's language, and which languages and zones there are.

Contract   ``written`` turns the digits of a number that is formatted the English way (``1,234.56``) into those of the
           active language (``1.234,56``); ``percent_of`` puts the sign where the language has it. Machine formats
           (data attributes, drawings, CSV, the API) never pass here.
Why        Django's own number formats are switched off for German (opinion_market/formats): a float in a drawing or in
           a field must keep its point whoever reads the page.
"""

import datetime
import functools
import re
import zoneinfo
from typing import Final

from django.conf import settings
from django.utils.translation import get_language, gettext

#: How a language writes thousands and decimals, where that isn't the English way.
_MARKS: Final = {"de": str.maketrans(",.", ".,")}
#: Groups of three with points, and maybe decimals after a comma.
_GROUPED: Final = re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d*)?")
_AMBIGUOUS: Final = re.compile(r"[1-9]\d{0,2}\.\d{3}")
#: What the outcomes of a market are named when nobody named them.
_YES_NO: Final = frozenset({"Yes", "No"})
_THIN: Final = "\N{NO-BREAK SPACE}"


def code() -> str:
    """The active language without its country: ``en`` or ``de``."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]


def written(number: str) -> str:
    marks = _MARKS.get(code())
    return number if marks is None else number.translate(marks)


def said(number: str) -> str:
    """A number as the API tells it (``1234.5``) in the reader's marks, without groups: ``1234,5``."""
    return number.replace(".", ",") if code() in _MARKS else number


def typed(text: str) -> str:
    """What somebody typed as a number, in the machine's way: ``1.234,5`` of a German reader as ``1234.5``.

    Raises: ValueError that continues the value, where its point could be of thousands or of decimals (``1.234``)
    """
    text = text.strip().replace("\N{NO-BREAK SPACE}", "")
    if code() not in _MARKS:
        return text.replace(",", "")
    if _AMBIGUOUS.fullmatch(text):
        raise ValueError(gettext("can be read in two ways: write 1234 or 1,234"))
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "")
    return text.replace(",", ".", 1)


def percent_of(number: str) -> str:
    """``47.5`` as ``47.5%``, in German ``47,5 %``."""
    return with_sign(number, "%")


def with_sign(number: str, sign: str) -> str:
    marks = _MARKS.get(code())
    return f"{number}{sign}" if marks is None else f"{number.translate(marks)}{_THIN}{sign}"


def outcome_word(name: str) -> str:
    """How pages name an outcome: yes and no in the language of the reader, all others as they were named."""
    return gettext(name) if name in _YES_NO else name


def is_language(name: str) -> bool:
    return name in dict(settings.LANGUAGES)


@functools.cache
def zone_names() -> tuple[str, ...]:
    """Names of time zones that people choose from, by continent and city."""
    names = (name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith(("Etc/", "posix/")))
    return ("UTC", *sorted(names))


@functools.lru_cache(maxsize=700)
def zone(name: str) -> datetime.tzinfo | None:
    """The zone of that name, or ``None`` where there is none (a cookie can hold anything)."""
    if name == "UTC":
        return datetime.UTC
    return zoneinfo.ZoneInfo(name) if name in zone_names() else None
