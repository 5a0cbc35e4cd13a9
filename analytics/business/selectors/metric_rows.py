"""Figures of the catalogue over time and by dimension, from the rollups.

Contract   Sums are made first and divided last. Without dimensions every period of the range has a row: 0 where nothing
           happened, None where a ratio has nothing to be of. With dimensions only what happened has rows.
Bound      One statement for each rollup that the metric needs. Without dimensions and filters they read one row a day,
           however much was traded; with them a row for each market (or trader) of each day. ``ROWS_MAX`` rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from analytics.business.engine.measures import DIMENSIONS, MEASURES, Source
from analytics.business.engine.periods import periods
from analytics.business.engine.values import value_of
from analytics.business.errors import QuestionInvalid
from analytics.business.selectors.catalogue import metric as found_metric
from analytics.business.selectors.rows import fetch_all
from analytics.business.types import Dimension, Grain, Metric, MetricRow

RANGE_MAX: Final = timedelta(days=3_660)
ROWS_MAX: Final = 50_000
Key = tuple[date, tuple[str, ...]]

_FROM: Final[Mapping[Source, str]] = {
    Source.MARKET_DAY: "business_marketday f JOIN business_marketfacts m ON m.market_id = f.market_id",
    Source.TRADER_DAY: "business_traderday f JOIN business_marketfacts m ON m.market_id = f.market_id"
    " JOIN business_trader t ON t.user_id = f.user_id",
    Source.TRADER: "business_trader t",
    Source.LEDGER_DAY: "business_ledgerday f LEFT JOIN business_marketfacts m ON m.market_id = f.market_id",
    Source.SETTLED: "business_marketfacts m",
    Source.BOOK_DAY: "business_bookday f JOIN business_marketfacts m ON m.market_id = f.market_id",
    Source.SITE_DAY: "business_siteday f",
}
_DAY: Final[Mapping[Source, str]] = {Source.SETTLED: "m.settled_on"}
_BY: Final[Mapping[Dimension, str]] = {
    Dimension.TOPIC: "coalesce(m.topic, '')",
    Dimension.MARKET: "coalesce(m.slug, '')",
    Dimension.KIND: "coalesce(m.kind, '')",
    Dimension.SEGMENT: "CASE WHEN t.is_simulated THEN 'simulated' ELSE 'people' END",
}
_FEES: Final = "f.account_kind = 'fees' AND f.transfer_kind"
_SUBSIDY: Final = "f.account_kind = 'issuance' AND f.transfer_kind = 'subsidy'"
#: Sums that aren't simply those of a column.
_SUMS: Final[Mapping[str, str]] = {
    "active": "count(DISTINCT f.user_id) FILTER (WHERE f.orders > 0)",
    "fee_income": f"sum(f.amount) FILTER (WHERE {_FEES} <> 'fees')",
    "fees_refunded": f"-sum(f.amount) FILTER (WHERE {_FEES} = 'void')",
    "granted": "sum(f.amount) FILTER (WHERE f.account_kind = 'wallet' AND f.transfer_kind = 'grant')",
    "subsidies_paid": f"sum(f.credited - f.amount) FILTER (WHERE {_SUBSIDY})",
    "subsidies_returned": f"sum(f.credited) FILTER (WHERE {_SUBSIDY})",
    "paid_out": "sum(f.amount) FILTER (WHERE f.account_kind = 'wallet' AND f.transfer_kind IN ('settlement', 'void'))",
    "settled": "count(*)",
    "resolve_count": "count(m.resolve_s)",
}
_BUCKET: Final[Mapping[Grain, str]] = {
    Grain.DAY: "{day}",
    Grain.WEEK: "date_trunc('week', {day})::date",
    Grain.MONTH: "date_trunc('month', {day})::date",
    Grain.TOTAL: "%(start)s::date",
}


def metric_rows(
    *,
    metric: str,
    start: date,
    end: date,
    grain: Grain,
    dimensions: Sequence[Dimension] = (),
    filters: Mapping[Dimension, Sequence[str]] | None = None,
) -> list[MetricRow]:
    """The metric in ``[start, end)``, by period and then by the values of ``dimensions`` in their order.

    ``filters`` keep the given values of a dimension: topics and markets by slug, segments ``people``, ``simulated``.

    Raises: MetricUnknown, QuestionInvalid
    """
    wanted, kept = found_metric(metric), filters or {}
    check_question(wanted, start=start, end=end, dimensions=(*dimensions, *kept))
    sums = _sums(wanted, start, end, grain, dimensions, kept)
    keys = sums.keys() if dimensions else [(first, ()) for first in periods(start, end, grain)]
    rows = [MetricRow(*key, value_of(wanted, sums.get(key, {}))) for key in sorted(keys)]
    if len(rows) > ROWS_MAX:
        raise QuestionInvalid(f"More than {ROWS_MAX:,} rows; choose a shorter range or fewer dimensions.")
    return rows


def check_question(wanted: Metric, *, start: date, end: date, dimensions: Iterable[Dimension]) -> None:
    """Raises: QuestionInvalid"""
    if not start < end <= start + RANGE_MAX:
        raise QuestionInvalid("The end must be after the start, by ten years at most.", field="/end")
    for dimension in dimensions:
        if dimension not in wanted.dimensions:
            can = ", ".join(wanted.dimensions) or "none"
            raise QuestionInvalid(f"{wanted.name} can be told by: {can}.", field="/dimensions")


def _sums(
    wanted: Metric,
    start: date,
    end: date,
    grain: Grain,
    dimensions: Sequence[Dimension],
    filters: Mapping[Dimension, Sequence[str]],
) -> dict[Key, dict[str, int]]:
    parameters: dict[str, Any] = {"start": start, "end": end}
    parameters |= {dimension.value: list(values) for dimension, values in filters.items()}
    found: dict[Key, dict[str, int]] = {}
    for source, day, columns in _reads(wanted, is_site=not dimensions and not filters):
        statement = _statement(source, day, columns, grain, dimensions, tuple(filters))
        for first, *rest in fetch_all(statement, parameters):
            by, values = tuple(rest[: len(dimensions)]), rest[len(dimensions) :]
            row = found.setdefault((first, by), {})
            row |= {name: int(value) for name, value in zip(columns, values, strict=True)}
    return found


def sums_beside(wanted: Sequence[Metric], *, start: date, end: date) -> tuple[dict[str, int], dict[str, int]]:
    """The site's sums that ``wanted`` are made of: of as many days before ``start``, and of ``[start, end)``."""
    found: tuple[dict[str, int], dict[str, int]] = ({}, {})
    reads: dict[tuple[Source, str], dict[str, str]] = {}
    for metric in wanted:
        for source, day, columns in _reads(metric, is_site=True):
            reads.setdefault((source, day), {}).update(columns)
    parameters = {"before": start - (end - start), "start": start, "end": end}
    for (source, day), columns in reads.items():
        sums = ", ".join(f"coalesce({text}, 0)" for text in columns.values())
        statement = f"""
SELECT {day} >= %(start)s, {sums} FROM {_FROM[source]} WHERE {day} >= %(before)s AND {day} < %(end)s GROUP BY 1
"""  # noqa: S608 - constants of this module only; values are bound
        for is_now, *values in fetch_all(statement, parameters):
            found[is_now].update({name: int(value) for name, value in zip(columns, values, strict=True)})
    return found


def _reads(wanted: Metric, *, is_site: bool) -> list[tuple[Source, str, dict[str, str]]]:
    """Rollup, its column of the day, and the sums to make; the site's days hold most of them ready."""
    reads: dict[tuple[Source, str], dict[str, str]] = {}
    for name in dict.fromkeys((*wanted.numerator, *wanted.denominator)):
        source, column, is_kept = MEASURES[name]
        if is_site and is_kept:
            reads.setdefault((Source.SITE_DAY, "f.day"), {})[name] = f"sum(f.{name})"
        elif source is Source.TRADER:
            reads.setdefault((source, f"t.{column}"), {})[name] = "count(*)"
        else:
            alias = "m" if source is Source.SETTLED else "f"
            text = _SUMS.get(name, f"sum({alias}.{column})")
            reads.setdefault((source, _DAY.get(source, "f.day")), {})[name] = text
    return [(source, day, columns) for (source, day), columns in reads.items()]


def _statement(
    source: Source,
    day: str,
    columns: Mapping[str, str],
    grain: Grain,
    dimensions: Sequence[Dimension],
    filters: Sequence[Dimension],
) -> str:
    assert all(one in DIMENSIONS[source] for one in (*dimensions, *filters)), "checked before"
    by = ", ".join([_BUCKET[grain].format(day=day), *(_BY[one] for one in dimensions)])
    sums = ", ".join(f"coalesce({text}, 0)" for text in columns.values())
    only = "".join(f" AND {_BY[one]} = ANY (%({one.value})s::text[])" for one in filters)
    places = ", ".join(str(place + 1) for place in range(len(dimensions) + 1))
    return f"""
SELECT {by}, {sums} FROM {_FROM[source]}
WHERE {day} >= %(start)s AND {day} < %(end)s{only} GROUP BY {places}
"""  # noqa: S608 - constants of this module only; values are bound
