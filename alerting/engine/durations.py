"""Spans of time as people write them: ``30s``, ``5m``, ``1h30m``, ``2d``.

Contract   ``seconds`` reads what ``text`` writes. A bare number is seconds.
"""

import re
from typing import Final

from alerting.errors import RuleInvalid

_UNITS: Final = {"w": 604_800.0, "d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|[wdhms])")
_WHOLE: Final = re.compile(r"(?:\d+(?:\.\d+)?(?:ms|[wdhms]))+")


def seconds(value: str | float, field: str) -> float:
    """Raises: RuleInvalid"""
    if isinstance(value, str):
        if not _WHOLE.fullmatch(value):
            raise RuleInvalid(f"Write {field} as a span such as 30s, 5m or 1h30m.", field=field)
        return sum(float(amount) * _UNITS[unit] for amount, unit in _PART.findall(value))
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise RuleInvalid(f"{field} must be a number of seconds, 0 or more.", field=field)
    return float(value)


def text(span_s: float) -> str:
    """The largest units first, at most two of them; below a second as a decimal."""
    if 0 < span_s < 1:
        return f"{span_s:.3f}".rstrip("0").rstrip(".") + "s"
    parts, rest = [], round(span_s)
    for unit, size in _UNITS.items():
        amount, rest = divmod(rest, round(size)) if size >= 1 else (0, rest)
        if amount:
            parts.append(f"{amount:.0f}{unit}")
    return "".join(parts[:2]) or "0s"
