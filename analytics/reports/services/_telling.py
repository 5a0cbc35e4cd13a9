"""A report in the language of its owner: what the product says in it. What people named stays, and so do numbers of
spreadsheets, which are typed.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.utils.translation import gettext

from accounts.selectors.people import contacts
from analytics.reports.engine.cells import unit_words, words
from analytics.reports.types import Cell, Chart, Contents, Format, Span, Table
from common.languages import code, dated, written
from common.phrases import said

#: Formats that people read; the others are the same in every language.
READ: Final = frozenset({Format.HTML, Format.PDF, Format.XLSX})
_DAY: Final = "j F Y"


def language_of(user_id: int) -> str:
    person = contacts([user_id]).get(user_id)
    return person.language if person is not None and person.language else settings.LANGUAGE_CODE


def told(contents: Contents, span: Span) -> Contents:
    """In the active language."""
    if code() == "en":
        return contents
    subtitle = _span_words(span)
    facts = ((name, value.replace(contents.subtitle, subtitle)) for name, value in contents.facts)
    return replace(
        contents,
        subtitle=subtitle,
        facts=tuple((said(name), _each_said(value)) for name, value in facts),
        table=_table(contents.table),
        chart=None if contents.chart is None else _chart(contents.chart),
        notes=tuple((said(name), said(formula)) for name, formula in contents.notes),
    )


def cell_words(cell: Cell, unit: str) -> str:
    """As the active language writes it."""
    if isinstance(cell, date) and code() != "en":
        return dated(cell, "j M Y")
    return words(cell, unit) if cell is None or isinstance(cell, str) else said(words(cell, unit))


def head_words(title: str, unit: str) -> str:
    """A title with what it is counted in."""
    named = said(unit_words(unit))
    return f"{title}, {named}" if named else title


def made_words(made_at: datetime) -> str:
    return gettext("%(made_at)s by Opinion Market") % {"made_at": dated(made_at, "j M Y, H:i T")}


def day_words(day: date) -> str:
    """Below a chart."""
    return dated(day, "j M y")


def number_words(number: str) -> str:
    """Beside a chart."""
    return written(number)


def _span_words(span: Span) -> str:
    first, last = dated(span.first_on, _DAY), dated(span.last_on, _DAY)
    return first if first == last else gettext("%(low)s to %(high)s") % {"low": first, "high": last}


def _each_said(text: str) -> str:
    """A sentence, or several names between commas."""
    found = said(text)
    return found if found != text else ", ".join(said(part) for part in text.split(", "))


def _table(table: Table) -> Table:
    columns = tuple(replace(one, title=said(one.title), help=said(one.help)) for one in table.columns)
    return replace(table, columns=columns, totals=(said(table.totals[0]), *table.totals[1:]))


def _chart(chart: Chart) -> Chart:
    title = said(chart.title)
    lines = tuple(replace(line, name=title) if line.name == chart.title else line for line in chart.lines)
    return replace(chart, title=title, lines=lines)
