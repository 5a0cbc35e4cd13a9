"""The key of a call: the same for calls that mean the same, another for every other.

Contract   Positional, keyword and default arguments are brought into one order. ``1``, ``True`` and ``1.0`` differ,
           as do lists and tuples. Allowed are plain values, enums, dataclasses and containers of these; anything
           else raises TypeError, because its key could be wrong without anybody noticing.
Stable     ``text_key`` is the same in every process and after a restart.
"""

import inspect
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from hashlib import blake2b
from typing import Any, Final
from uuid import UUID

Key = tuple[Any, ...]

#: Nothing else equals one of these.
_BARE: Final = frozenset({str, int, bytes, type(None), datetime, date, time, timedelta, UUID})
#: Equal to an int of the same value, so told with their type.
_NAMED: Final = frozenset({bool, float, Decimal})


class CallKey:
    """Makes keys of the calls of one function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._signature = inspect.signature(function)
        parameters = self._signature.parameters.values()
        is_simple = all(one.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD for one in parameters)
        self._width = len(parameters) if is_simple else -1

    def of(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Key:
        if not kwargs and len(args) == self._width:
            return tuple([normal(value) for value in args])
        bound = self._signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return tuple([normal(value) for value in bound.arguments.values()])


def normal(value: Any) -> Any:
    """A hashable stand-in for ``value`` whose ``repr`` is stable."""
    kind = type(value)
    if kind in _BARE:
        return value
    if kind in _NAMED:
        return (kind.__name__, value)
    if kind is tuple or kind is list:
        return (kind.__name__, *[normal(item) for item in value])
    return _rarer(value, kind)


def _rarer(value: Any, kind: type) -> Any:
    if isinstance(value, Enum):
        return (kind.__qualname__, value.name)
    if kind is dict:
        pairs = [(normal(key), normal(item)) for key, item in value.items()]
        return ("dict", *sorted(pairs, key=repr))
    if kind is set or kind is frozenset:
        return ("set", *sorted((normal(item) for item in value), key=repr))
    if is_dataclass(value):
        return (kind.__qualname__, *[normal(getattr(value, field.name)) for field in fields(value)])
    raise TypeError(f"{kind.__qualname__} can't be part of a cache key; pass an id instead")


def text_key(key: Key) -> str:
    return blake2b(repr(key).encode(), digest_size=16).hexdigest()


def function_name(function: Callable[..., Any]) -> str:
    return f"{function.__module__}.{function.__qualname__}"
