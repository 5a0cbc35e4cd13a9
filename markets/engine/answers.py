"""From the JSON that a data source answers to the result of a market.

Contract   Nothing is guessed: what isn't there, isn't a plain value, or has no outcome raises ``AnswerUnclear``.
           Numbers are read as decimals, exactly as they were written.
Rules      Of a binary market a comparison such as ``>= 10`` (true: yes), else lines ``text: outcome``. Of a categorical
           market such lines; without any, the text is the slug or the name of the outcome. Of a numeric or date market
           none: the value picks its bucket.
"""

import json
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn

from markets.engine.resolution import winner_payouts
from markets.types import SCALED, MarketKind

Compare = Callable[[Decimal, Decimal], bool]
_COMPARISON: Final = re.compile(r"(>=|<=|>|<|=)\s*(-?[0-9]{1,18}(?:\.[0-9]{1,18})?)")
_COMPARE: Final[Mapping[str, Compare]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_POINTER: Final = re.compile(r"(/([^~/]|~[01])*)*")
RULE_LINES_MAX: Final = 200


class AnswerUnclear(ValueError):
    """The source doesn't say how the market ended; the text says why."""


def check_rule(kind: MarketKind, rule: str, slugs: Sequence[str]) -> None:
    """Raises ``ValueError`` that says what is wrong with ``rule``."""
    if kind in SCALED:
        if rule:
            raise ValueError("must be empty: the value of the source picks the bucket")
    elif not (kind is MarketKind.BINARY and _COMPARISON.fullmatch(rule)):
        found = _lines(rule)
        if kind is MarketKind.BINARY and not found:
            raise ValueError("is a comparison such as >= 10, or lines such as won: yes")
        if unknown := set(found.values()) - set(slugs):
            raise ValueError(f"names no outcome of the market: {sorted(unknown)[0]}")


def check_pointer(pointer: str) -> None:
    """Raises ``ValueError`` for what is no JSON pointer (RFC 6901)."""
    if not _POINTER.fullmatch(pointer):
        raise ValueError("is a JSON pointer such as /data/0/value")


def read_value(body: bytes, pointer: str) -> str:
    """The text, number or truth at ``pointer``, as text. Raises ``AnswerUnclear``."""
    try:
        found: Any = json.loads(body, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse_constant)
    except (ValueError, ArithmeticError, RecursionError) as problem:
        raise AnswerUnclear("The answer is no JSON.") from problem
    for part in pointer.split("/")[1:]:
        found = _step(found, part.replace("~1", "/").replace("~0", "~"), pointer)
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, Decimal):
        return f"{found:f}" if abs(found.adjusted()) < 40 else str(found)
    if isinstance(found, str) and found.strip() and found.strip().isprintable():
        return found.strip()
    raise AnswerUnclear(f"There is no text, number or truth at {pointer or 'the whole answer'}.")


def payouts_for(kind: MarketKind, rule: str, text: str, names: Mapping[str, str]) -> tuple[int, ...]:
    """What the shares pay when the source says ``text``; ``names`` of the outcomes by slug, in order. Of a market with
    a scale nothing: its value says it. Raises ``AnswerUnclear``."""
    if kind in SCALED:
        return ()
    if kind is MarketKind.BINARY and (found := _COMPARISON.fullmatch(rule)):
        is_true = _COMPARE[found[1]](_number(text), Decimal(found[2]))
        return winner_payouts(0 if is_true else 1, len(names))
    lines = _lines(rule) or {slug: slug for slug in names} | {name: slug for slug, name in names.items()}
    slug = {said.casefold(): slug for said, slug in lines.items()}.get(text.casefold())
    if slug is None:
        raise AnswerUnclear(f"{text[:80]!r} is no answer that the market knows.")
    return winner_payouts(list(names).index(slug), len(names))


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _step(found: Any, part: str, pointer: str) -> Any:
    if isinstance(found, dict) and part in found:
        return found[part]
    if isinstance(found, list) and re.fullmatch(r"0|[1-9][0-9]{0,8}", part) and int(part) < len(found):
        return found[int(part)]
    raise AnswerUnclear(f"The answer has nothing at {pointer}.")


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as problem:
        raise AnswerUnclear(f"{text[:80]!r} is no number.") from problem
    if not number.is_finite():
        raise AnswerUnclear(f"{text[:80]!r} is no number.")
    return number


def _lines(rule: str) -> dict[str, str]:
    """Slugs by what the source says."""
    found: dict[str, str] = {}
    lines = [line for line in rule.splitlines() if line.strip()]
    if len(lines) > RULE_LINES_MAX:
        raise ValueError(f"has more than {RULE_LINES_MAX} lines")
    for line in lines:
        said, colon, slug = line.rpartition(":")
        if not colon or not said.strip() or not slug.strip():
            raise ValueError("has lines of another form than: text: outcome")
        found[said.strip()] = slug.strip()
    return found
