import csv
import io
from collections.abc import Iterator, Sequence

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import RequestFactory

from common import streaming
from common.streaming import csv_pieces, csv_response, cursor_chunks, harmless, keyset_chunks


def test_keys_lead_from_chunk_to_chunk() -> None:
    asked = []

    def page(after: int, size: int) -> Sequence[int]:
        asked.append((after, size))
        return [number for number in range(1, 8) if number > after][:size]

    assert list(keyset_chunks(page, start=0, key=lambda number: number, size=3)) == [[1, 2, 3], [4, 5, 6], [7]]
    assert asked == [(0, 3), (3, 3), (6, 3)]


@pytest.mark.django_db
def test_a_cursor_reads_one_snapshot_in_chunks() -> None:
    chunks = list(cursor_chunks("SELECT n, n * %(factor)s FROM generate_series(1, 5) n", {"factor": 2}, size=2))
    assert chunks == [[(1, 2), (2, 4)], [(3, 6), (4, 8)], [(5, 10)]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+cmd|calc", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "－1+1", "-", "--5", "+1 2"],
)
def test_formulas_get_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "rain", "-5", "+5", "-0.25", "1=1", "a@b", "'=1"])
def test_other_texts_stay(text: str) -> None:
    assert harmless(text) == text


def test_pieces_make_a_file() -> None:
    rows = [(number, 'with "quotes", commas', "lines\nand é", None, -5) for number in range(5_000)]
    pieces = list(csv_pieces(["a", "b", "c", "d", "e"], rows))
    assert max(map(len, pieces)) < streaming.PIECE_BYTES * 1.1
    assert len(pieces) > 2
    found = list(csv.reader(io.StringIO(b"".join(pieces).decode(), newline="")))
    assert found[0] == ["a", "b", "c", "d", "e"]
    assert found[-1] == ["4999", 'with "quotes", commas', "lines\nand é", "", "-5"]
    assert len(found) == 5_001


@pytest.mark.django_db
def test_rows_are_read_while_they_are_sent(rf: RequestFactory) -> None:
    read = []

    def rows() -> Iterator[tuple[str]]:
        for number in range(10_000):
            read.append(number)
            yield ("x" * 100,)

    response = csv_response(rf.get("/"), name="x.csv", header=["a"], rows=rows)
    assert isinstance(response, StreamingHttpResponse)
    assert read == []
    next(iter(response))
    assert 600 < len(read) < 700
    response.close()
    assert len(read) < 700


@pytest.mark.django_db
def test_only_so_many_at_once(rf: RequestFactory) -> None:
    def started() -> StreamingHttpResponse:
        response = csv_response(rf.get("/"), name="x.csv", header=["a"], rows=list)
        assert isinstance(response, StreamingHttpResponse)
        return response

    responses = [started() for _ in range(streaming.STREAMS_MAX)]
    refused = csv_response(rf.get("/"), name="x.csv", header=["a"], rows=list)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "10")
    # Never read, closed twice, and its place is free once.
    responses[0].close()
    responses[0].close()
    responses[0] = started()
    assert csv_response(rf.get("/"), name="x.csv", header=["a"], rows=list).status_code == 503
    for response in responses:
        response.close()


def test_a_head_reads_no_row(rf: RequestFactory) -> None:
    response = csv_response(rf.head("/"), name="x.csv", header=["a"], rows=lambda: pytest.fail("asked"))
    assert response.headers["Content-Disposition"] == 'attachment; filename="x.csv"'
