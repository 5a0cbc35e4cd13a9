"""Expressions over series: ``error_rate * throughput / 100``, ``max(queue_age, 5m) - avg(queue_age, 1h)``.

Contract   Names of series, numbers, ``+ - * /``, brackets, ``abs(x)``, and over a window of one series ``avg``,
           ``min``, ``max``, ``sum`` and ``count``. Where a part has no value, or would divide by zero, the whole has
           none (``count`` of an empty window is 0). The same text gives the same expression.
Bound      ``TEXT_MAX`` characters; nothing but the above is ever executed.
"""

import ast
import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from alerting.engine.durations import seconds
from alerting.engine.points import NONE, History, Points, last, values_within, window
from alerting.errors import RuleInvalid

TEXT_MAX: Final = 300
Place = tuple[History, str, float, float]
Node = Callable[[Place], float | None]

_SPAN: Final = re.compile(r"\b\d+(?:\.\d+)?(?:ms|[wdhms])\b")
_OVER: Final[dict[str, Callable[[list[float]], float | None]]] = {
    "avg": lambda values: sum(values) / len(values) if values else None,
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
    "sum": lambda values: sum(values) if values else None,
    "count": lambda values: float(len(values)),
}


@dataclass(frozen=True, slots=True)
class Expression:
    """``plain`` is the series when the text is nothing but its name; ``names`` are all series, in order."""

    text: str
    names: tuple[str, ...]
    plain: str
    _node: Node
    #: The longest window that it looks back over, 0 without one.
    span_s: float = 0.0

    def value(self, history: History, dimension: str, now: float, fresh_s: float) -> float | None:
        return self._node((history, dimension, now, fresh_s))

    def reader(self, history: History, start: float, end: float, fresh_s: float) -> Callable[[str], Points]:
        """``points`` of one dimension after the other; what is the same for all is looked up once."""
        if not self.plain:
            return lambda dimension: self.points(history, dimension, start, end, fresh_s)
        known = history.named(self.plain)
        site = known.get("", NONE)
        return lambda dimension: known.get(dimension, site)

    def points(self, history: History, dimension: str, start: float, end: float, fresh_s: float) -> Points:
        """Its values at the times of its first series, from ``start`` (excluded) to ``end``."""
        first = history.points(self.names[0], dimension)
        if self.plain:
            return first
        times, _ = window(first, start, end)
        return Points(times, [self.value(history, dimension, time, fresh_s) for time in times])


@functools.lru_cache(maxsize=4096)
def read_expression(text: str) -> Expression:
    """Raises: RuleInvalid"""
    if not text.strip() or len(text) > TEXT_MAX:
        raise _invalid(f"An expression has 1 to {TEXT_MAX} characters.")
    try:
        body = ast.parse(_SPAN.sub(_plain_seconds, text.strip()), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _invalid(f"{text!r} is no expression over series.") from error
    names: dict[str, None] = {}
    node = _compiled(body, names)
    if not names:
        raise _invalid("An expression names at least one series.")
    return Expression(text, tuple(names), body.id if isinstance(body, ast.Name) else "", node, _longest_span(body))


def _longest_span(body: ast.expr) -> float:
    """Every window is the second argument of a call."""
    calls = [node for node in ast.walk(body) if isinstance(node, ast.Call) and len(node.args) == 2]
    spans = [node.args[1].value for node in calls if isinstance(node.args[1], ast.Constant)]
    return max((float(span) for span in spans if isinstance(span, int | float)), default=0.0)


def _plain_seconds(found: re.Match[str]) -> str:
    return repr(seconds(found[0], "expression"))


def _compiled(node: ast.expr, names: dict[str, None]) -> Node:
    if isinstance(node, ast.Name):
        return _series(node.id, names)
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        number = float(node.value)  # type: ignore[arg-type]  # the line above has looked
        return lambda place: number
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _compiled(node.operand, names)
        return lambda place: None if (value := inner(place)) is None else -value
    if isinstance(node, ast.BinOp):
        return _binary(node, names)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return _call(node.func.id, node.args, names)
    raise _invalid("An expression has names of series, numbers, + - * /, brackets and functions.")


def _series(name: str, names: dict[str, None]) -> Node:
    names[name] = None
    return lambda place: last(place[0].points(name, place[1]), place[2], place[3])


def _binary(node: ast.BinOp, names: dict[str, None]) -> Node:
    left, right = _compiled(node.left, names), _compiled(node.right, names)
    operate = _OPERATORS.get(type(node.op))
    if operate is None:
        raise _invalid("An expression knows + - * / only.")

    def both(place: Place) -> float | None:
        one, other = left(place), right(place)
        return None if one is None or other is None else operate(one, other)

    return both


_OPERATORS: Final[dict[type[ast.operator], Callable[[float, float], float | None]]] = {
    ast.Add: lambda one, other: one + other,
    ast.Sub: lambda one, other: one - other,
    ast.Mult: lambda one, other: one * other,
    ast.Div: lambda one, other: one / other if other else None,
}


def _call(function: str, arguments: list[ast.expr], names: dict[str, None]) -> Node:
    if function == "abs" and len(arguments) == 1:
        inner = _compiled(arguments[0], names)
        return lambda place: None if (value := inner(place)) is None else abs(value)
    over = _OVER.get(function)
    if over is None or len(arguments) != 2:
        raise _invalid(f"Functions are abs(x) and, over a window, {', '.join(_OVER)}: avg(cpu_usage, 5m).")
    series, span = arguments
    if not isinstance(series, ast.Name) or not isinstance(span, ast.Constant) or type(span.value) not in (int, float):
        raise _invalid(f"{function} takes one series and a span: {function}(cpu_usage, 5m).")
    name, span_s = series.id, float(span.value)  # type: ignore[arg-type]  # the line above has looked
    names[name] = None
    return lambda place: over(values_within(place[0].points(name, place[1]), place[2] - span_s, place[2]))


def _invalid(detail: str) -> RuleInvalid:
    return RuleInvalid(detail, field="expression")
