"""A frame as text and back.

Contract   ``frame_of(text_of(frame)) == frame``. What isn't a frame raises ``ValueError``, so that one broken
           message ends no reader. Unknown fields are left out, for frames of a newer process.
"""

from dataclasses import fields
from typing import Any, Final

import orjson

from monitoring.types import Frame, Role

#: What a frame with a field of the wrong kind runs into, here or when it is worked out.
MALFORMED: Final = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError)
_FIELDS: Final = tuple(field.name for field in fields(Frame))


def text_of(frame: Frame) -> bytes:
    return orjson.dumps({name: getattr(frame, name) for name in _FIELDS})


def frame_of(text: bytes | str) -> Frame:
    """Raises: ValueError"""
    values: Any = orjson.loads(text)
    try:
        return Frame(**{name: values[name] for name in _FIELDS} | {"role": Role(values["role"])})
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a frame: {error!r}") from error
