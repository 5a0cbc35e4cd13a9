"""How numbers are written in the reader's language, and which languages and zones there are.

Contract   ``written`` turns the digits of a number that is formatted the English way (``1,234.56``) into those of the
           active language (``1.234,56``); ``percent_of`` puts the sign where the language has it; ``dated`` writes the
           day of an English form (``23 Nov 2026``) as the language does (``23. Nov 2026``). Machine formats
           (data attributes, drawings, CSV, the API) never pass here.
Why        Django's own number formats are switched off for German (opinion_market/formats): a float in a drawing or in
           a field must keep its point whoever reads the page.
"""

import calendar
import datetime
import functools
import re
import zoneinfo
from typing import Final

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext

#: How a language writes thousands and decimals, where that isn't the English way.
_MARKS: Final = {"de": str.maketrans(",.", ".,")}
#: Groups of three with points, and maybe decimals after a comma.
_GROUPED: Final = re.compile(r"[1-9]\d{0,2}(\.\d{3})+(,\d*)?")
_AMBIGUOUS: Final = re.compile(r"[1-9]\d{0,2}\.\d{3}")
#: The number of a day before its month, in a form of Django's.
_DAY: Final = re.compile(r"\b([jd])(?= [FM])")
#: What the outcomes of a market are named when nobody named them.
_YES_NO: Final = frozenset({"Yes", "No"})
#: A number or a day in the name of a bucket, as the engine of scales writes them.
_VALUE: Final = r"-?\d+(?:\.\d+)?|\d{4}-\d\d-\d\d"
_BUCKET: Final = re.compile(
    rf"(?P<below>Below )?(?P<low>{_VALUE})(?: to (?P<high>{_VALUE}))?(?P<unit> .+?)??"
    r"(?P<end> or (?:more|earlier|later))?"
)
_DAY_FORM: Final = "j M Y"
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


def date_form(form: str) -> str:
    """A form of days such as ``j M Y`` as the active language has it: ``j. M Y`` in German."""
    return _DAY.sub(r"\1.", form) if code() == "de" else form


def dated(day: datetime.date, form: str) -> str:
    """A day, or a moment in its own zone, in such a form."""
    return date_format(day, date_form(form))


def outcome_word(name: str) -> str:
    """How pages name an outcome: yes, no and the buckets of a scale in the reader's language, others as named."""
    if name in _YES_NO:
        return gettext(name)
    # In English only days are written in another way than they are kept: 2027-03-01.
    bucket = _BUCKET.fullmatch(name) if code() != "en" or name[4:5] == "-" else None
    return name if bucket is None else _bucket_word(bucket)


def _bucket_word(bucket: re.Match[str]) -> str:
    """Of ``20 to 30 mm``, ``Below 20 mm``, ``30 mm or more``, ``2027-01-01 or later`` and their like."""
    low, high = _value_word(bucket["low"]), _value_word(bucket["high"] or "")
    facts = {"value": f"{low}{bucket['unit'] or ''}", "low": low, "high": f"{high}{bucket['unit'] or ''}"}
    match bucket["below"], bool(high), bucket["end"]:
        case None, True, None:
            return _days_word(bucket["low"], bucket["high"]) or gettext("%(low)s to %(high)s") % facts
        case "Below ", False, None:
            return gettext("Below %(value)s") % facts
        case None, False, " or more":
            return gettext("%(value)s or more") % facts
        case None, False, " or earlier":
            return gettext("%(value)s or earlier") % facts
        case None, False, " or later":
            return gettext("%(value)s or later") % facts
    return low if bucket[0] == bucket["low"] else bucket[0]


def _days_word(first: str, last: str) -> str:
    """From day to day of one year, as short as is clear: ``March 2027``, ``1 Oct to 31 Dec 2028``; else empty."""
    try:
        low, high = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    except ValueError:
        return ""
    if low.year != high.year:
        return ""
    is_to_the_end = high.day == calendar.monthrange(high.year, high.month)[1]
    if low.month == high.month and low.day == 1 and is_to_the_end:
        return dated(low, "F Y")
    return gettext("%(low)s to %(high)s") % {"low": dated(low, "j M"), "high": dated(high, _DAY_FORM)}


def _value_word(text: str) -> str:
    """A number keeps its digits, with the reader's point; a day is written as the language does."""
    if "-" not in text[1:]:
        return said(text)
    try:
        return dated(datetime.date.fromisoformat(text), _DAY_FORM)
    except ValueError:
        return text


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
