"""Label sets: what tells one alert from another.

Contract   Two label sets are equal exactly when every name has the same value in both, a missing one being empty.
"""

import hashlib
from collections.abc import Iterable, Mapping

from alerting.types import LabelSet


def label_set(labels: Mapping[str, str] | LabelSet) -> LabelSet:
    """Sorted by name, without the labels that are empty."""
    pairs = labels.items() if isinstance(labels, Mapping) else labels
    return tuple(sorted((name, value) for name, value in pairs if value))


def label(labels: LabelSet, name: str) -> str:
    """The value, empty when there is none."""
    for one, value in labels:
        if one == name:
            return value
    return ""


def with_labels(labels: LabelSet, more: Mapping[str, str]) -> LabelSet:
    """``more`` replaces what has the same name."""
    return label_set(dict(labels) | dict(more))


def only(labels: LabelSet, names: Iterable[str]) -> LabelSet:
    wanted = frozenset(names)
    return tuple(pair for pair in labels if pair[0] in wanted)


def text(labels: LabelSet) -> str:
    """``{alertname="cpu", process="web-1"}``"""
    return "{" + ", ".join(f'{name}="{_escaped(value)}"' for name, value in labels) + "}"


def fingerprint(labels: LabelSet) -> str:
    """A short stand-in: equal exactly when the label sets are."""
    return hashlib.sha256(text(labels).encode()).hexdigest()[:32]


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
