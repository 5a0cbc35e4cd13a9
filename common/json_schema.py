"""JSON Schema (draft 7, as AsyncAPI has it) of typed dictionaries.

Contract   A ``TypedDict`` is an object whose fields are exactly its annotations; its docstring describes it. In
           ``Annotated`` a text describes the field and ``Also`` adds keywords. Every TypedDict stands once under
           its name, others point to it.
Why        The annotations that type the code are the ones the documents tell, so neither can be forgotten.
"""

from enum import Enum
from inspect import cleandoc
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

Schema = dict[str, Any]

_PLAIN: Final[dict[Any, Schema]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    float: {"type": "number"},
    NoneType: {"type": "null"},
    Any: {},
}


class Also:
    """Further keywords of a field's schema."""

    def __init__(self, **keywords: Any) -> None:
        self.keywords = keywords


class Schemas:
    """Collects the schemas of the shapes that it is asked for, by name."""

    def __init__(self, *, prefix: str = "#/components/schemas/") -> None:
        self.by_name: dict[str, Schema] = {}
        self._prefix = prefix

    def of(self, shape: Any) -> Schema:
        """The schema of a type; a TypedDict's is a reference.

        Raises: TypeError for what JSON can't say
        """
        if is_typeddict(shape):
            return self._reference(shape)
        if shape in _PLAIN:
            return dict(_PLAIN[shape])
        if isinstance(shape, type) and issubclass(shape, Enum):
            return _choice([member.value for member in shape])
        return self._generic(shape)

    def _generic(self, shape: Any) -> Schema:
        origin, arguments = get_origin(shape), get_args(shape)
        if origin is Annotated:
            return self._annotated(arguments[0], arguments[1:])
        if origin is Literal:
            return _choice(list(arguments))
        if origin in (Union, UnionType):
            return self._union(arguments)
        if origin is list:
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is tuple:
            items = [self.of(argument) for argument in arguments]
            return {"type": "array", "items": items, "minItems": len(items), "maxItems": len(items)}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        raise TypeError(f"JSON has no {shape}.")

    def _annotated(self, shape: Any, notes: tuple[Any, ...]) -> Schema:
        schema = self.of(shape)
        if "$ref" in schema:
            # Beside a reference draft 7 reads nothing.
            schema = {"allOf": [schema]}
        for note in notes:
            schema |= note.keywords if isinstance(note, Also) else {"description": note}
        return schema

    def _union(self, shapes: tuple[Any, ...]) -> Schema:
        schemas = [self.of(shape) for shape in shapes]
        if all(set(schema) == {"type"} for schema in schemas):
            return {"type": [schema["type"] for schema in schemas]}
        return {"anyOf": schemas}

    def _reference(self, shape: Any) -> Schema:
        name = shape.__name__
        if name not in self.by_name:
            self.by_name[name] = {}
            self.by_name[name] = self._object(shape)
        return {"$ref": f"{self._prefix}{name}"}

    def _object(self, shape: Any) -> Schema:
        hints = get_type_hints(shape, include_extras=True)
        schema: Schema = {"type": "object"}
        if shape.__doc__ and not shape.__doc__.startswith("dict("):
            schema["description"] = cleandoc(shape.__doc__)
        schema["properties"] = {name: self.of(_without_mark(hint)) for name, hint in hints.items()}
        required = [name for name in hints if name in shape.__required_keys__]
        return schema | ({"required": required} if required else {}) | {"additionalProperties": False}


def _choice(values: list[Any]) -> Schema:
    kind = "string" if all(isinstance(value, str) for value in values) else "integer"
    return {"type": kind, "const": values[0]} if len(values) == 1 else {"type": kind, "enum": values}


def _without_mark(hint: Any) -> Any:
    """``NotRequired[X]`` as ``X``."""
    return get_args(hint)[0] if get_origin(hint) is NotRequired else hint
