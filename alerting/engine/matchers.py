r"""Conditions on labels, as Alertmanager writes them: ``=``, ``!=``, ``=~``, ``!~``.

Contract   ``read_matchers('{a="b", c=~"d|e"}')`` with or without braces and quotes; ``text`` writes what can be read
           again. A label that is missing is empty. A pattern must match the whole value.
Bound      A text of ``TEXT_MAX`` characters. Patterns have no back references or look-around, and no repetition of
           a repetition, so that nobody's pattern takes for ever.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from alerting.engine.labels import label
from alerting.errors import MatcherInvalid
from alerting.types import LabelSet

TEXT_MAX: Final = 2_000
_QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_MATCHER: Final = re.compile(
    rf"""\s*(?P<name>{_QUOTED}|[^\s"{{}}=!~,\\'`]+)\s*(?P<op>=~|!~|!=|=)\s*(?P<value>{_QUOTED}|[^\s"{{}}=!~,\\'`]*)\s*""",
    re.VERBOSE | re.UNICODE,
)
_ESCAPES: Final = {"n": "\n", '"': '"', "\\": "\\"}
_COSTLY: Final = re.compile(r"\\[1-9]|\(\?(?!:)|[*+}]\s*\)\s*[*+{]")


class Op(StrEnum):
    EQ = "="
    NE = "!="
    RE = "=~"
    NOT_RE = "!~"


@dataclass(frozen=True, slots=True)
class Matcher:
    """``pattern`` is the compiled value of the two that take one."""

    name: str
    op: Op
    value: str
    pattern: re.Pattern[str] | None = None


Matchers = tuple[Matcher, ...]


def matcher(name: str, op: Op | str, value: str) -> Matcher:
    """Raises: MatcherInvalid"""
    if not name:
        raise MatcherInvalid("Name the label before the operator.", field="matchers")
    op = Op(op)
    if op in (Op.EQ, Op.NE):
        return Matcher(name, op, value)
    if _COSTLY.search(value):
        raise MatcherInvalid(
            "The pattern may have no back reference, look-around or repetition of a repetition.", field="matchers"
        )
    try:
        return Matcher(name, op, value, re.compile(value))
    except re.error as error:
        raise MatcherInvalid(f"{value!r} is no pattern: {error}.", field="matchers") from error


def read_matchers(text_: str) -> Matchers:
    """Raises: MatcherInvalid"""
    if len(text_) > TEXT_MAX:
        raise MatcherInvalid(f"Matchers have at most {TEXT_MAX} characters.", field="matchers")
    inner = text_.strip()
    if inner.startswith("{") != inner.endswith("}"):
        raise MatcherInvalid("A brace of the matchers has no partner.", field="matchers")
    inner = inner[1:-1] if inner.startswith("{") else inner
    found: list[Matcher] = []
    at = 0
    while at < len(inner) and inner[at:].strip():
        part = _MATCHER.match(inner, at)
        if part is None or inner[part.end() : part.end() + 1] not in ("", ","):
            raise MatcherInvalid(f'Write matchers as name="value"; this is none: {inner[at:]!r}.', field="matchers")
        found.append(matcher(_bare(part["name"]), part["op"], _bare(part["value"])))
        at = part.end() + 1
    return tuple(found)


def matches(matchers: Iterable[Matcher], labels: LabelSet) -> bool:
    """Whether all hold; none at all always hold."""
    return all(holds(one, label(labels, one.name)) for one in matchers)


def holds(one: Matcher, value: str) -> bool:
    if one.pattern is None:
        return (value == one.value) == (one.op is Op.EQ)
    return (one.pattern.fullmatch(value) is not None) == (one.op is Op.RE)


def text(matchers: Iterable[Matcher]) -> str:
    return "{" + ", ".join(f"{_quoted(one.name)}{one.op}{_quoted(one.value)}" for one in matchers) + "}"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _bare(value: str) -> str:
    if not value.startswith('"'):
        return value
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), value[1:-1], flags=re.DOTALL)
