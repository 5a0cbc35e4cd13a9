"""Reading the fields of a body or a query string, strictly, with every mistake told at once.

Contract   ``Fields`` is asked for each field once; ``finish`` raises ``RequestInvalid`` that names every field that
           was missing, of the wrong type or unknown. Until then a bad field reads as its default.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, TypeVar

import orjson
from django.http import HttpRequest

from common.api.errors import JsonMalformed, MediaTypeUnsupported, RequestInvalid
from common.errors import FieldError

Choice = TypeVar("Choice", bound=StrEnum)
_DECIMAL: Final = re.compile(r"-?\d{1,40}(\.\d{1,40})?", re.ASCII)
_INTEGER: Final = re.compile(r"-?\d{1,19}", re.ASCII)
_SEEN_MAX: Final = 20
_NUMBER_MAX: Final = 1e15
#: Beyond it a number with a point may stand for several whole ones.
_WHOLE_MAX: Final = 2**53


def json_body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent.

    Raises: MediaTypeUnsupported, JsonMalformed; Django's RequestDataTooBig
    """
    if request.content_type != "application/json":
        raise MediaTypeUnsupported("Send Content-Type: application/json.")
    body = _loaded(request.body)
    if not isinstance(body, dict):
        raise JsonMalformed("Send one JSON object, { ... }.")
    return body


def _loaded(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as strict:
        # The standard reader lets half characters through, so that the field can be named below.
        if b"\\ud" not in body.lower():
            raise JsonMalformed(f"Send one JSON object in UTF-8; {strict}.") from strict
        return _loaded_with_surrogates(body)


def _loaded_with_surrogates(body: bytes) -> Any:
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise JsonMalformed("Send one JSON object in UTF-8.") from error


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


class Fields:
    """``parent`` is put before the name in pointers: ``/orders/0``."""

    def __init__(self, values: Mapping[str, Any], *, parent: str = "") -> None:
        self._values = values
        self._parent = parent
        self._asked: set[str] = set()
        self.errors: list[FieldError] = []

    @classmethod
    def of_query(cls, request: HttpRequest, *, lists: Collection[str] = ()) -> "Fields":
        """Query parameters; one given twice is refused, unless it is of ``lists``: those are read by ``listed``."""
        joined = {name: ",".join(values) if name in lists else values[-1] for name, values in request.GET.lists()}
        fields = cls(joined)
        for name, values in request.GET.lists():
            if len(values) > 1 and name not in lists:
                fields.refuse(name, "field.repeated", "Give it once.")
        return fields

    def refuse(self, name: str, code: str, detail: str) -> None:
        pointer = f"{self._parent}/{_shown(name)}"
        if all(error.pointer != pointer for error in self.errors):
            self.errors.append(FieldError(pointer, code, detail))

    def refuse_unknown(self) -> None:
        """Refuse every field that wasn't asked for."""
        for name in self._values:
            if name not in self._asked:
                self.refuse(name, "field.unknown", "There is no such field. Leave it out.")

    def finish(self) -> None:
        """Raises: RequestInvalid"""
        self.refuse_unknown()
        if self.errors:
            first = self.errors[0]
            raise RequestInvalid(f"{first.pointer}: {first.detail}", errors=tuple(self.errors[:_SEEN_MAX]))

    def value(self, name: str, *, is_required: bool = False) -> Any:
        """The raw value; ``null`` counts as left out."""
        self._asked.add(name)
        value = self._values.get(name)
        if value is None and is_required:
            self.refuse(name, "field.required", "This field is needed.")
        return value

    def text(self, name: str, *, default: str = "", length_max: int = 200, is_required: bool = False) -> str:
        value = self.value(name, is_required=is_required)
        if value is None:
            return default
        if not isinstance(value, str):
            self.refuse(name, "field.not_text", 'Send text in quotes, such as "abc".')
        elif len(value) > length_max:
            self.refuse(name, "field.too_long", f"Send at most {length_max} characters.")
        elif not is_storable(value):
            self.refuse(name, "field.bad_character", "Leave out NUL and half characters (lone surrogates).")
        elif is_required and not value:
            self.refuse(name, "field.required", "This field is needed.")
        else:
            return value
        return default

    def texts(self, name: str, *, count_max: int, length_max: int = 200) -> tuple[str, ...]:
        value = self.value(name)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.refuse(name, "field.not_texts", 'Send a list of texts, such as ["a", "b"].')
        elif len(value) > count_max:
            self.refuse(name, "field.too_many", f"Send at most {count_max}.")
        elif any(len(item) > length_max for item in value):
            self.refuse(name, "field.too_long", f"Each may have at most {length_max} characters.")
        elif not all(is_storable(item) for item in value):
            self.refuse(name, "field.bad_character", "Leave out NUL and half characters (lone surrogates).")
        else:
            return tuple(value)
        return ()

    def listed(self, name: str) -> tuple[str, ...]:
        """The parts of a text between commas, without blanks and repetitions, in order."""
        parts = (part.strip() for part in self.text(name, length_max=10_000).split(","))
        return tuple(dict.fromkeys(part for part in parts if part))

    def choice(
        self, name: str, choices: type[Choice], *, default: Choice | None = None, only: Iterable[Choice] = ()
    ) -> Choice:
        """One of an enumeration; without ``default`` it is required."""
        allowed = list(only or choices)
        fallback = allowed[0] if default is None else default
        value = self.value(name, is_required=default is None)
        if value is None:
            return fallback
        if isinstance(value, str) and value in allowed:
            return choices(value)
        self.refuse(name, "field.not_a_choice", f"Send one of: {', '.join(allowed)}.")
        return fallback

    def one_of(self, name: str, choices: Collection[str]) -> str:
        """One of ``choices``; an empty text only when it is left out, for ``?name=`` names none of them."""
        value = self.value(name)
        if value is None:
            return ""
        if isinstance(value, str) and value in choices:
            return value
        self.refuse(name, "field.not_a_choice", f"Send one of: {', '.join(choices)}; or leave it out.")
        return ""

    def flag(self, name: str) -> bool:
        value = self.value(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.refuse(name, "field.not_boolean", "Send true or false.")
        return False

    def integer(self, name: str, *, low: int, high: int, default: int | None = None) -> int:
        """A whole number, as text in a query string; without ``default`` it is required."""
        value = self.value(name, is_required=default is None)
        if value is None:
            return low if default is None else default
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            value = int(value)
        elif isinstance(value, float) and value.is_integer() and abs(value) <= _WHOLE_MAX:
            # JSON has one kind of number: 60.0 is the whole number 60.
            value = int(value)
        if type(value) is not int:
            self.refuse(name, "field.not_integer", "Send a whole number.")
        elif not low <= value <= high:
            self.refuse(name, "field.out_of_range", f"Send a number from {low} to {high}.")
        else:
            return value
        return low if default is None else default

    def optional_integer(self, name: str, *, low: int, high: int) -> int | None:
        return None if self.value(name) is None else self.integer(name, low=low, high=high)

    def number(self, name: str, *, is_required: bool = False) -> float | None:
        """A measurement, whole or not; nothing that credits are counted in."""
        value = self.value(name, is_required=is_required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= _NUMBER_MAX:
            self.refuse(name, "field.not_a_number", "Send a number.")
            return None
        return float(value)

    def decimal(self, name: str, *, is_required: bool = False) -> str | None:
        """A decimal string of any size and sign; what it may be is the caller's rule."""
        value = self.value(name, is_required=is_required)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            self.refuse(name, "field.number_not_text", 'Send a decimal string in quotes, such as "0.62".')
        elif not isinstance(value, str) or not _DECIMAL.fullmatch(value):
            self.refuse(name, "field.not_decimal", 'Send a plain decimal string, such as "0.62".')
        else:
            return value
        return None

    def moment(self, name: str, *, is_required: bool = False) -> datetime | None:
        value = self.value(name, is_required=is_required)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or not 1970 <= moment.year <= 9990:
            self.refuse(name, "field.not_a_time", "Send RFC 3339 with an offset, such as 2026-11-22T09:30:00Z.")
            return None
        # PostgreSQL takes offsets below 16 hours only.
        return moment.astimezone(UTC)


def is_storable(text: str) -> bool:
    """Whether PostgreSQL can keep it: no NUL and no half characters."""
    return "\0" not in text and not any(0xD800 <= ord(character) <= 0xDFFF for character in text)


def _shown(name: str) -> str:
    """A field's name as part of a JSON pointer, safe to answer."""
    safe = name[:60].encode("utf-8", "replace").decode().replace("\0", "")
    return safe.replace("~", "~0").replace("/", "~1")
