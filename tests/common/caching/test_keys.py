from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum

import pytest

from common.caching.keys import CallKey, normal, text_key


class Colour(Enum):
    RED = 1


class Fruit(Enum):
    RED = 1


@dataclass(frozen=True)
class Filter:
    word: str
    limit: int = 10


def search(word: str, limit: int = 10, *, is_open: bool = True) -> None: ...


def two(first: int, second: int = 2) -> None: ...


def many(*words: str, **options: int) -> None: ...


def test_calls_that_mean_the_same_have_one_key() -> None:
    of = CallKey(search).of
    assert of(("a",), {}) == of((), {"word": "a"}) == of(("a", 10), {"is_open": True}) == of(("a",), {"limit": 10})
    assert of(("a",), {}) != of(("a", 11), {})
    assert CallKey(two).of((1, 2), {}) == CallKey(two).of((1,), {}) == CallKey(two).of((), {"second": 2, "first": 1})
    assert CallKey(many).of(("a",), {"x": 1, "y": 2}) == CallKey(many).of(("a",), {"y": 2, "x": 1})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, 1.0),
        (1, "1"),
        (1, Decimal(1)),
        (0, None),
        ((1,), [1]),
        ((1,), (True,)),
        ([[1], 2], [[1, 2]]),
        ({"a": 1}, {"a": True}),
        ({1}, {2}),
        (Colour.RED, Fruit.RED),
        (Filter("a"), Filter("b")),
        (Filter("a"), ("Filter", "a")[:1]),
        (b"a", "a"),
        (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)),
    ],
)
def test_different_values_have_different_keys(one: object, other: object) -> None:
    assert normal(one) != normal(other)
    assert text_key((normal(one),)) != text_key((normal(other),))


def test_order_matters_only_where_it_means_something() -> None:
    assert normal({"a": 1, "b": 2}) == normal({"b": 2, "a": 1})
    assert normal({"x", "y", "z"}) == normal(frozenset({"z", "y", "x"}))
    assert normal([1, 2]) != normal([2, 1])


def test_text_keys_are_the_same_in_every_process() -> None:
    key = CallKey(search).of(("rain", 5), {})
    assert text_key(key) == text_key(("rain", 5, ("bool", True)))


def test_what_has_no_stable_meaning_is_refused() -> None:
    with pytest.raises(TypeError, match="object can't be part of a cache key"):
        normal(object())
    with pytest.raises(TypeError):
        CallKey(search).of((), {"unknown": 1})
