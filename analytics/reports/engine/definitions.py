"""What a report shows: checked against the catalogue, kept as a document, told apart by a digest.

Contract   ``faults_of`` names every field that is wrong, each with its fix. ``definition_from(document_of(x)) == x``.
           Two definitions have one digest exactly when they show the same days, metrics and splits, whatever their
           titles and the order of their filters.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from analytics.reports.types import Definition, Figure, Format, Grain, Period, Span

METRICS_MAX: Final = 12
DIMENSIONS_MAX: Final = 2
FILTER_VALUES_MAX: Final = 50
DAYS_MAX: Final = 1_100
TITLE_MAX: Final = 80
VALUE_MAX: Final = 200

Fault = tuple[str, str, str]


def faults_of(definition: Definition, catalogue: Mapping[str, Figure], *, today: date) -> tuple[Fault, ...]:
    """Each as pointer, code and a sentence with the fix; none when the report can be made."""
    return (
        *_metric_faults(definition, catalogue),
        *_dimension_faults(definition, catalogue),
        *_filter_faults(definition, catalogue),
        *_period_faults(definition, today),
    )


def permissions_of(definition: Definition, catalogue: Mapping[str, Figure]) -> frozenset[str]:
    """What a reader must be allowed; a metric that has left the catalogue asks for nothing and shows nothing."""
    return frozenset(catalogue[name].permission for name in definition.metrics if name in catalogue)


def document_of(definition: Definition) -> dict[str, Any]:
    """Ready for JSON."""
    return {
        "title": definition.title,
        "metrics": list(definition.metrics),
        "dimensions": list(definition.dimensions),
        "filters": {name: list(values) for name, values in definition.filters.items()},
        "period": definition.period.value,
        "first_on": definition.first_on and definition.first_on.isoformat(),
        "last_on": definition.last_on and definition.last_on.isoformat(),
        "grain": definition.grain.value,
        "format": definition.format.value,
    }


def definition_from(document: Mapping[str, Any]) -> Definition:
    """What ``document_of`` made."""
    return Definition(
        title=document["title"],
        metrics=tuple(document["metrics"]),
        dimensions=tuple(document["dimensions"]),
        filters={name: tuple(values) for name, values in document["filters"].items()},
        period=Period(document["period"]),
        first_on=_date(document["first_on"]),
        last_on=_date(document["last_on"]),
        grain=Grain(document["grain"]),
        format=Format(document["format"]),
    )


def digest_of(definition: Definition, span: Span) -> str:
    """64 hexadecimal digits. The title is part of the file that is kept, so it counts; the name of the period
    doesn't."""
    shown = document_of(definition)
    shown |= {"filters": sorted((name, sorted(values)) for name, values in definition.filters.items())}
    shown |= {"period": "", "first_on": span.first_on.isoformat(), "last_on": span.last_on.isoformat()}
    return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


def _metric_faults(definition: Definition, catalogue: Mapping[str, Figure]) -> Iterator[Fault]:
    names = definition.metrics
    if not 1 <= len(names) <= METRICS_MAX:
        yield "/metrics", "report.metrics_count", f"Choose 1 to {METRICS_MAX} metrics."
    if len(set(names)) < len(names):
        yield "/metrics", "report.metric_twice", "Name each metric once."
    for index, name in enumerate(names):
        if name not in catalogue:
            yield f"/metrics/{index}", "report.metric_unknown", f"There is no metric {name!r}. The catalogue names all."


def _dimension_faults(definition: Definition, catalogue: Mapping[str, Figure]) -> Iterator[Fault]:
    chosen = definition.dimensions
    if len(chosen) > DIMENSIONS_MAX:
        yield "/dimensions", "report.dimensions_count", f"Split by at most {DIMENSIONS_MAX} dimensions."
    if len(set(chosen)) < len(chosen):
        yield "/dimensions", "report.dimension_twice", "Name each dimension once."
    for index, name in enumerate(chosen):
        if (words := _cannot(name, definition, catalogue)) is not None:
            yield f"/dimensions/{index}", "report.dimension_unknown", words


def _filter_faults(definition: Definition, catalogue: Mapping[str, Figure]) -> Iterator[Fault]:
    for name, values in definition.filters.items():
        if (words := _cannot(name, definition, catalogue)) is not None:
            yield f"/filters/{name}", "report.dimension_unknown", words
        elif not 1 <= len(values) <= FILTER_VALUES_MAX:
            yield f"/filters/{name}", "report.filter_values", f"Give 1 to {FILTER_VALUES_MAX} values, or no filter."
        elif any(not 1 <= len(value) <= VALUE_MAX for value in values):
            yield f"/filters/{name}", "report.filter_values", f"Each value has 1 to {VALUE_MAX} characters."


def _cannot(dimension: str, definition: Definition, catalogue: Mapping[str, Figure]) -> str | None:
    """Why not all of the metrics can be split by this dimension."""
    known = [catalogue[name] for name in definition.metrics if name in catalogue]
    without = [figure.title for figure in known if dimension not in figure.dimensions]
    if not without:
        return None
    shared = set(known[0].dimensions).intersection(*(figure.dimensions for figure in known))
    offered = f"Use one of: {', '.join(sorted(shared))}." if shared else "These metrics share no dimension: use none."
    return f"{', '.join(without[:3])} can't be split by {dimension!r}. {offered}"


def _period_faults(definition: Definition, today: date) -> Iterator[Fault]:
    first_on, last_on = definition.first_on, definition.last_on
    if definition.period is not Period.CUSTOM:
        if first_on is not None or last_on is not None:
            yield "/first_on", "report.period_dates", "Dates are for the period custom only. Leave them out."
        return
    if first_on is None:
        yield "/first_on", "report.period_dates", "The period custom needs its first day."
    if last_on is None:
        yield "/last_on", "report.period_dates", "The period custom needs its last day."
    if first_on is None or last_on is None:
        return
    if last_on < first_on:
        yield "/last_on", "report.period_dates", "The last day must not be before the first one."
    elif (last_on - first_on).days >= DAYS_MAX:
        yield "/first_on", "report.period_dates", f"A report covers at most {DAYS_MAX} days."
    if first_on > today:
        yield "/first_on", "report.period_dates", "The first day must not be in the future."


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
