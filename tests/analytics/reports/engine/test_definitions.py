from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from analytics.reports.engine.definitions import definition_from, digest_of, document_of, faults_of, permissions_of
from analytics.reports.types import Definition, Figure, Format, Grain, Period, Span

TODAY = date(2026, 11, 22)
KNOWN = {
    "volume": Figure("volume", "Volume", "Sum.", "credits", ("topic", "market"), "business.view_business"),
    "dau": Figure("dau", "Daily active", "Mean.", "count", (), "business.view_business"),
    "fees": Figure("fees", "Fees", "Sum.", "credits", ("topic",), "business.view_money"),
}
GOOD = Definition("Volume", ("volume",))


def faults(**fields: Any) -> list[tuple[str, str]]:
    return [(pointer, code) for pointer, code, _ in faults_of(replace(GOOD, **fields), KNOWN, today=TODAY)]


def test_a_good_one_has_none() -> None:
    assert faults() == []
    assert faults(metrics=("volume", "fees"), dimensions=("topic",), filters={"topic": ("a",)}) == []


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"metrics": ()}, [("/metrics", "report.metrics_count")]),
        ({"metrics": ("volume", "volume")}, [("/metrics", "report.metric_twice")]),
        ({"metrics": ("volume", "nonsense")}, [("/metrics/1", "report.metric_unknown")]),
        ({"dimensions": ("market", "sky")}, [("/dimensions/1", "report.dimension_unknown")]),
        ({"metrics": ("volume", "dau"), "dimensions": ("topic",)}, [("/dimensions/0", "report.dimension_unknown")]),
        ({"dimensions": ("topic", "topic")}, [("/dimensions", "report.dimension_twice")]),
        ({"filters": {"sky": ("blue",)}}, [("/filters/sky", "report.dimension_unknown")]),
        ({"filters": {"topic": ()}}, [("/filters/topic", "report.filter_values")]),
        ({"filters": {"topic": ("",)}}, [("/filters/topic", "report.filter_values")]),
        ({"first_on": TODAY}, [("/first_on", "report.period_dates")]),
        (
            {"period": Period.CUSTOM},
            [("/first_on", "report.period_dates"), ("/last_on", "report.period_dates")],
        ),
        (
            {"period": Period.CUSTOM, "first_on": TODAY, "last_on": date(2026, 1, 1)},
            [("/last_on", "report.period_dates")],
        ),
        (
            {"period": Period.CUSTOM, "first_on": date(2020, 1, 1), "last_on": TODAY},
            [("/first_on", "report.period_dates")],
        ),
        (
            {"period": Period.CUSTOM, "first_on": date(2026, 11, 23), "last_on": date(2026, 11, 24)},
            [("/first_on", "report.period_dates")],
        ),
    ],
)
def test_each_mistake_names_its_field(fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    assert faults(**fields) == found


def test_the_fix_names_what_is_shared() -> None:
    words = faults_of(replace(GOOD, metrics=("volume", "fees"), dimensions=("market",)), KNOWN, today=TODAY)[0][2]
    assert words == "Fees can't be split by 'market'. Use one of: topic."


def test_a_document_says_all() -> None:
    whole = Definition(
        "Öl", ("volume",), ("topic",), {"market": ("a", "b")}, Period.CUSTOM, TODAY, TODAY, Grain.WEEK, Format.XLSX
    )
    assert definition_from(document_of(whole)) == whole


def test_the_digest_is_of_what_is_shown() -> None:
    span = Span(date(2026, 11, 15), date(2026, 11, 21))
    same = replace(GOOD, period=Period.LAST_7_DAYS)
    by_hand = replace(GOOD, period=Period.CUSTOM, first_on=span.first_on, last_on=span.last_on)
    assert digest_of(same, span) == digest_of(by_hand, span)
    two, turned = replace(GOOD, filters={"topic": ("a", "b")}), replace(GOOD, filters={"topic": ("b", "a")})
    assert digest_of(two, span) == digest_of(turned, span)
    others = [replace(GOOD, metrics=("fees",)), replace(GOOD, format=Format.CSV), replace(GOOD, title="Other"), two]
    assert len({digest_of(one, span) for one in (GOOD, *others)}) == 5
    assert digest_of(GOOD, span) != digest_of(GOOD, Span(span.first_on, TODAY))


def test_readers_need_what_every_metric_asks_for() -> None:
    assert permissions_of(replace(GOOD, metrics=("volume", "fees")), KNOWN) == {
        "business.view_business", "business.view_money"
    }  # fmt: skip
