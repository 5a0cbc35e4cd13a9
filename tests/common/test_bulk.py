"""Bulk work on the tables of markets, which have every kind of rule."""

from collections.abc import Sequence

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import OperationalError
from django.test.utils import CaptureQueriesContext

from common.bulk import BulkOptions, Mode, RowFailure, RowRefusedError, process_rows
from common.bulk_rows import insert_rows, update_rows
from common.errors import DomainError
from markets.models import Outcome, Topic
from tests.factories.rows import row_market

pytestmark = pytest.mark.django_db

GOOD: BulkOptions[Topic] = BulkOptions(Mode.GOOD)


def topics(count: int) -> list[Topic]:
    return [Topic(slug=f"t{number}", name=f"Topic {number}", position=number) for number in range(count)]


def test_rows_are_inserted_in_one_statement_a_chunk() -> None:
    rows = topics(25)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        report = insert_rows(Topic, rows, BulkOptions(chunk=10))
    assert (report.total, report.done, report.failures, report.is_kept) == (25, 25, (), True)
    assert Topic.objects.count() == 25
    assert sum("INSERT" in query["sql"] for query in queries) == 3
    assert all(row.pk for row in rows)


@pytest.mark.parametrize("mode", [Mode.ALL, Mode.GOOD])
def test_a_bad_row_among_a_thousand_is_found_by_halving(mode: Mode) -> None:
    rows = topics(1_000)
    rows[617] = Topic(slug="t5", name="Again", position=1)
    with CaptureQueriesContext(connection) as queries:
        report = insert_rows(Topic, rows, BulkOptions(mode))
    assert len(queries) < 80
    (failure,) = report.failures
    assert (failure.index, failure.code) == (617, "bulk.duplicate")
    assert failure.detail.startswith("Another row has the same value where it must be unique. (markets_topic_slug")
    assert "t5" not in failure.detail
    assert (report.done, report.untried) == (999, 0)
    is_kept = mode is Mode.GOOD
    assert report.is_kept is is_kept
    assert Topic.objects.count() == (999 if is_kept else 0)
    assert (rows[0].pk is not None) is is_kept


def test_a_longer_text_is_refused_in_an_update_as_well_and_never_cut() -> None:
    rows = topics(2)
    insert_rows(Topic, rows)
    rows[1].name = "x" * 61
    report = update_rows(Topic, rows, ["name"], GOOD)
    assert [(failure.index, failure.code) for failure in report.failures] == [(1, "bulk.too_long")]
    assert list(Topic.objects.order_by("pk").values_list("name", flat=True)) == ["Topic 0", "Topic 1"]


def test_each_kind_of_refusal_has_its_code() -> None:
    market = row_market()
    rows = [
        Outcome(market_id=market.pk, index=5, slug="ok", name="Fine"),
        Outcome(market_id=10**9, index=5, slug="lost", name="No such market"),
        Outcome(market_id=market.pk, index=6, slug="long", name="x" * 10_000),
        Outcome(market_id=market.pk, index=7, slug="none", name=None),
    ]
    report = insert_rows(Outcome, rows, BulkOptions(Mode.GOOD))
    assert [(failure.index, failure.code) for failure in report.failures] == [
        (1, "bulk.unknown_reference"),
        (2, "bulk.too_long"),
        (3, "bulk.missing"),
    ]
    assert report.failures[2].detail == "A value is missing. (name)"
    assert Outcome.objects.filter(market=market, index__gte=5).count() == 1


def test_a_dry_run_tells_and_keeps_nothing() -> None:
    rows = [*topics(10), Topic(slug="t1", name="Again")]
    report = insert_rows(Topic, rows, BulkOptions(Mode.GOOD, is_dry_run=True))
    assert (report.done, len(report.failures), report.is_kept) == (10, 1, False)
    assert Topic.objects.count() == 0
    assert [row.pk for row in rows] == [None] * 11


def test_repeats_are_left_alone() -> None:
    first = insert_rows(Topic, topics(10), key_field="slug")
    again = insert_rows(Topic, [*topics(12), Topic(slug="t11", name="Twice")], key_field="slug")
    assert (first.done, first.repeats) == (10, 0)
    assert (again.done, again.repeats, again.failures, again.is_kept) == (2, 11, (), True)
    assert Topic.objects.count() == 12
    assert Topic.objects.get(slug="t11").name == "Topic 11"


def test_a_row_that_was_stored_meanwhile_is_a_repeat() -> None:
    rows = topics(4)

    def store(part: Sequence[Topic]) -> None:
        raise IntegrityError("somebody was faster")

    asked: list[Sequence[str]] = []

    def known(keys: Sequence[str]) -> set[str]:
        asked.append(keys)
        return {"t1"} if len(keys) == 1 else set()

    report = process_rows(rows, store, BulkOptions(Mode.GOOD, key=lambda row: row.slug, known_keys=known))
    assert report.repeats == 1
    assert [(failure.index, failure.key) for failure in report.failures] == [(0, "t0"), (2, "t2"), (3, "t3")]
    assert asked[0] == ["t0", "t1", "t2", "t3"]


def test_rows_are_updated_in_one_statement() -> None:
    insert_rows(Topic, topics(50))
    rows = list(Topic.objects.order_by("position"))
    for row in rows:
        row.name, row.position = row.name.upper(), row.position + 100
    rows.insert(7, Topic(pk=10**9, name="Nobody", position=1))
    with CaptureQueriesContext(connection) as queries:
        report = update_rows(Topic, rows, ["name", "position"], GOOD)
    assert report.failures == (RowFailure(7, "bulk.row_not_found", "No row has this primary key."),)
    assert sum("UPDATE" in query["sql"] for query in queries) <= 13
    assert list(Topic.objects.order_by("position").values_list("name", "position", "slug")) == [
        (f"TOPIC {number}", number + 100, f"t{number}") for number in range(50)
    ]


def test_an_update_is_all_or_nothing() -> None:
    insert_rows(Topic, topics(3))
    rows = list(Topic.objects.order_by("position"))
    rows[0].name, rows[1].slug = "Changed", rows[2].slug
    report = update_rows(Topic, rows, ["name", "slug"])
    assert [failure.code for failure in report.failures] == ["bulk.duplicate"]
    assert not Topic.objects.filter(name="Changed").exists()


def test_any_work_may_be_done_in_bulk() -> None:
    class TooLarge(DomainError):
        code = "test.too_large"

    kept: list[int] = []

    def work(numbers: Sequence[int]) -> None:
        if any(number == 13 for number in numbers):
            raise TooLarge("Take a smaller one.")
        if any(number == 14 for number in numbers):
            raise RowRefusedError("test.refused", "Not this one.")
        kept.extend(numbers)

    behind: list[int] = []
    report = process_rows(range(40), work, BulkOptions(Mode.GOOD, chunk=16, progress=behind.append))
    assert report.failures == (
        RowFailure(13, "test.too_large", "Take a smaller one."),
        RowFailure(14, "test.refused", "Not this one."),
    )
    assert kept == [number for number in range(40) if number not in (13, 14)]
    assert behind == [16, 32, 40]


def test_many_failures_end_the_work() -> None:
    def work(numbers: Sequence[int]) -> None:
        raise RowRefusedError("test.refused", "No.")

    report = process_rows(range(1_000), work, BulkOptions(Mode.GOOD, failures_max=10))
    assert (len(report.failures), report.done, report.untried) == (10, 0, 990)


def test_what_is_no_refusal_undoes_everything() -> None:
    def work(rows: Sequence[Topic]) -> None:
        Topic.objects.bulk_create(rows)
        if rows[0].slug == "t10":
            raise OperationalError("the server is gone")

    with pytest.raises(OperationalError), transaction.atomic():
        process_rows(topics(20), work, BulkOptions(Mode.GOOD, chunk=10))
    assert Topic.objects.count() == 0


def test_inside_a_transaction_only_its_own_part_is_undone() -> None:
    with transaction.atomic():
        Topic.objects.create(slug="mine", name="Mine")
        report = insert_rows(Topic, [*topics(3), Topic(slug="t1", name="Again")])
    assert not report.is_kept
    assert list(Topic.objects.values_list("slug", flat=True)) == ["mine"]
