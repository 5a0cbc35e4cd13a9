from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

import pytest

from common.caching.codec import COMPRESS_BYTES, UNREADABLE, Codec, codec_of
from common.paging import Page

Row = TypeVar("Row")


class Side(StrEnum):
    BUY = "buy"


@dataclass(frozen=True, slots=True)
class Leaf:
    name: str
    at: datetime
    sizes: tuple[int, ...]


@dataclass(frozen=True)
class Pair(Generic[Row]):
    first: Row
    rest: dict[int, list[Row]]


LEAF = Leaf("ä", datetime(2026, 1, 2, 3, 4, 5, 678901, UTC), (1, 2))


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (None, None),
        (int, 2**62),
        (float, 0.1),
        (bool, True),
        (str | None, None),
        (str | None, "x"),
        (int | str, "x"),
        (bytes, b"\x00\xff"),
        (tuple[int, str], (1, "a")),
        (tuple[tuple[int, int], ...], ((1, 2), (3, 4))),
        (list[Decimal], [Decimal("1.10")]),
        (set[int], {1, 2}),
        (frozenset[str], frozenset({"a"})),
        (dict[int, Leaf], {7: LEAF}),
        (dict[str, Any], {"a": [1, None, {"b": 2}]}),
        (Mapping[str, int], {"a": 1}),
        (Sequence[Side], [Side.BUY]),
        (date, date(2026, 1, 2)),
        (UUID, UUID(int=5)),
        (Pair[Leaf], Pair(LEAF, {1: [LEAF]})),
        (Page[Leaf], Page((LEAF,), "next")),
    ],
)
def test_what_goes_in_comes_out_with_its_type(annotation: Any, value: Any) -> None:
    codec = Codec(annotation)
    found = codec.decode(codec.encode(value))
    assert found == value
    assert type(found) is type(value)


def test_long_texts_are_compressed() -> None:
    codec = Codec(str)
    assert codec.encode("a" * 10)[:1] == b"j"
    long = codec.encode("a" * 100_000)
    assert long[:1] == b"z"
    assert len(long) < COMPRESS_BYTES
    assert codec.decode(long) == "a" * 100_000


@pytest.mark.parametrize("body", [b"", b"j", b"jnope", b"z123", b'j"text"', b"j[1]", b"j{}", b"j1.5"])
def test_foreign_bytes_are_unreadable(body: bytes) -> None:
    for annotation in (int, tuple[str, ...], Leaf):
        with pytest.raises(UNREADABLE):
            Codec(annotation).decode(body)


def test_a_text_that_is_no_number_is_unreadable_as_one() -> None:
    # decimal.InvalidOperation is no ValueError.
    with pytest.raises(UNREADABLE):
        Codec(Decimal).decode(b'j"text"')


def test_an_annotation_that_json_cant_restore_is_refused() -> None:
    for annotation in (object(), Codec, int | Leaf, list[Codec]):
        with pytest.raises(TypeError, match="can't be restored"):
            Codec(annotation)

    def unannotated():  # type: ignore[no-untyped-def]
        return 1

    with pytest.raises(TypeError, match="needs a return annotation"):
        codec_of(unannotated)
