"""One text for a name and its labels, as Prometheus writes it: ``tasks_total{outcome="ok",task="..."}``."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

_LABEL: Final = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"')
_ESCAPES: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
_UNESCAPED: Final = {r"\\": "\\", r"\"": '"', r"\n": "\n"}


def key(name: str, labels: Mapping[str, str]) -> str:
    if not labels:
        return name
    inside = ",".join(f'{label}="{value.translate(_ESCAPES)}"' for label, value in sorted(labels.items()))
    return f"{name}{{{inside}}}"


@lru_cache(4096)
def parsed(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Name and labels of a key."""
    name, _, inside = text.partition("{")
    pairs = ((label, re.sub(r"\\.", _unescape, value)) for label, value in _LABEL.findall(inside))
    return name, tuple(pairs)


def _unescape(match: re.Match[str]) -> str:
    return _UNESCAPED.get(match.group(), match.group())
