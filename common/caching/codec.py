"""Bytes of an answer and back, without pickle: JSON, read as the function's return annotation says.

Contract   What comes back has the annotated type: dataclasses, tuples, sets, dates, decimals, enums included. An
           annotation that JSON can't restore raises TypeError at the first use of the function.
Safety     Whoever could write to the store could change an answer, but never run code here; pickle would.
Bound      Texts longer than ``COMPRESS_BYTES`` are compressed.
"""

import dataclasses
import types
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Literal, NoReturn, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import orjson

COMPRESS_BYTES: Final = 1_024
#: No single answer of a cache comes near it; a bomb in the store stops here.
TEXT_BYTES_MAX: Final = 64 * 1024 * 1024
#: What decoding foreign bytes can raise.
UNREADABLE: Final = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, zlib.error)

_Decode = Callable[[Any], Any]
_PLAIN: Final = b"j"
_COMPRESSED: Final = b"z"


class Codec:
    """For the answers of one function."""

    def __init__(self, annotation: Any) -> None:
        self._decode = decoder(annotation)

    def encode(self, value: Any) -> bytes:
        text = orjson.dumps(value, _encode, orjson.OPT_NON_STR_KEYS)
        return _PLAIN + text if len(text) <= COMPRESS_BYTES else _COMPRESSED + zlib.compress(text, 1)

    def decode(self, body: bytes) -> Any:
        """Raises one of ``UNREADABLE`` for bytes that ``encode`` didn't make."""
        text = body[1:] if body[:1] == _PLAIN else _inflated(body[1:])
        return self._decode(orjson.loads(text))


def codec_of(function: Callable[..., Any]) -> Codec:
    hints = get_type_hints(function)
    if "return" not in hints:
        raise TypeError(f"{function.__qualname__} needs a return annotation to be kept as JSON")
    return Codec(hints["return"])


def _inflated(body: bytes) -> bytes:
    inflater = zlib.decompressobj()
    text = inflater.decompress(body, TEXT_BYTES_MAX)
    if not inflater.eof:
        raise ValueError("the text is cut or too long")
    return text


def _encode(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, set | frozenset):
        return list(value)
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__qualname__} has no JSON")


def decoder(annotation: Any) -> _Decode:
    """What makes a value of ``annotation`` out of parsed JSON."""
    if annotation is Any or annotation is object:
        return _same
    if annotation is None or annotation in (type(None), str, int, bool):
        return _checked(type(None) if annotation is None else annotation)
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    origin = get_origin(annotation)
    if origin is not None:
        return _generic(annotation, origin, get_args(annotation))
    if dataclasses.is_dataclass(annotation):
        return _dataclass(annotation, {})
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return annotation
    if annotation in (list, dict):
        return _checked(annotation)
    _refuse(annotation)


def _generic(annotation: Any, origin: Any, args: tuple[Any, ...]) -> _Decode:
    if origin in (Union, types.UnionType):
        return _union(annotation, args)
    if origin is Literal:
        return _same
    if origin is tuple and args[-1] is not Ellipsis:
        return _fixed_tuple(args)
    if origin in _ARRAYS:
        make = _ARRAYS[origin]
        if args[0] in (str, int, bool):
            return lambda value: make(_plain(_listed(value), args[0]))
        item = decoder(args[0])
        return lambda value: make([item(one) for one in _listed(value)])
    if origin in (dict, Mapping):
        key, item = _key_decoder(args[0]), decoder(args[1])
        return lambda value: {key(name): item(one) for name, one in value.items()}
    if dataclasses.is_dataclass(origin):
        return _dataclass(origin, dict(zip(getattr(origin, "__parameters__", ()), args, strict=True)))
    _refuse(annotation)


def _plain(values: list[Any], kind: type) -> list[Any]:
    if not {kind}.issuperset(map(type, values)):
        raise ValueError(f"{values!r} are not all {kind.__name__}")
    return values


def _union(annotation: Any, args: tuple[Any, ...]) -> _Decode:
    others = [arg for arg in args if arg is not type(None)]
    if len(others) == 1:
        inner = decoder(others[0])
        return lambda value: None if value is None else inner(value)
    # JSON tells these apart by itself.
    if set(others) <= {str, int, float, bool}:
        return _same
    _refuse(annotation)


def _fixed_tuple(args: tuple[Any, ...]) -> _Decode:
    items = [decoder(arg) for arg in args]
    return lambda value: tuple([item(one) for item, one in zip(items, _listed(value), strict=True)])


def _dataclass(kind: Any, bound: dict[Any, Any]) -> _Decode:
    """Plain fields are looked at together: a list of dozens of dataclasses must cost less than its SQL."""
    hints = get_type_hints(kind)
    names = [field.name for field in dataclasses.fields(kind) if field.init]
    types_of = {name: _filled(hints[name], bound) for name in names}
    plain = [name for name in names if types_of[name] in (str, int, bool)]
    expected = [types_of[name] for name in plain]
    decoders = [(name, decoder(types_of[name])) for name in names if name not in plain]

    def decode(value: Any) -> Any:
        given = {name: value[name] for name in names}
        if [type(given[name]) for name in plain] != expected:
            raise ValueError(f"{value!r} is no {kind.__name__}")
        for name, part in decoders:
            given[name] = part(given[name])
        return kind(**given)

    return decode


def _filled(hint: Any, bound: dict[Any, Any]) -> Any:
    """``hint`` with the type variables of its class replaced."""
    if hint in bound:
        return bound[hint]
    open_ones = getattr(hint, "__parameters__", ())
    return hint[tuple(bound[one] for one in open_ones)] if open_ones else hint


def _key_decoder(annotation: Any) -> _Decode:
    # The names of JSON objects are texts.
    return int if annotation is int else decoder(annotation)


def _checked(kind: type) -> _Decode:
    def check(value: Any) -> Any:
        if type(value) is not kind:
            raise ValueError(f"{value!r} is no {kind.__name__}")
        return value

    return check


def _listed(value: Any) -> list[Any]:
    if type(value) is not list:
        raise ValueError(f"{value!r} is no list")
    return value


def _same(value: Any) -> Any:
    return value


def _refuse(annotation: Any) -> NoReturn:
    raise TypeError(f"{annotation} can't be restored from JSON; return a dataclass or plain values")


_SCALARS: Final[dict[Any, _Decode]] = {
    float: float,
    bytes: b64decode,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
    Decimal: Decimal,
    UUID: UUID,
}
_ARRAYS: Final[dict[Any, Callable[[list[Any]], Any]]] = {
    tuple: tuple,
    list: list,
    Sequence: list,
    set: set,
    frozenset: frozenset,
}
