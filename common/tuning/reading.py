"""Settings that change while the site runs, as this process knows them.

Contract   ``tuned`` looks into a dictionary: no lock, no I/O. Where nobody has set anything it answers what the caller
           would use otherwise. A process follows along with its measurements: it reads one key of Redis every
           ``LOOK_S``, and tells those who registered with ``on_change`` about names that changed.
Away       While Redis can't be reached the last known values hold. The key is a copy; its table is the optimizer's,
           which writes it again every few seconds.
"""

import logging
import os
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, overload

import orjson

from common.caching.clients import StoreAwayError, ask
from common.metrics.registry import registry
from common.tuning.declared import clamped, spec_of

KEY: Final = "om:tunables"
LOOK_S: Final = 2.0
Listener = Callable[[float | None], None]
_NONE: Final[Mapping[str, float]] = MappingProxyType({})
logger = logging.getLogger(__name__)


class Known:
    """``values`` is replaced as a whole, never changed."""

    def __init__(self) -> None:
        self.values: Mapping[str, float] = _NONE
        self.looked_at = float("-inf")
        self.text: bytes = b""


known: Final = Known()
_listeners: Final[dict[str, list[Listener]]] = {}


@overload
def tuned(name: str, otherwise: float) -> float: ...
@overload
def tuned(name: str, otherwise: None) -> float | None: ...
def tuned(name: str, otherwise: float | None) -> float | None:
    """What was set for ``name``, or ``otherwise``."""
    return known.values.get(name, otherwise)


def on_change(name: str, listener: Listener) -> None:
    """Have ``listener`` called with each new value of ``name`` (None: set no longer), from the measuring thread."""
    assert spec_of(name) is not None, f"no setting {name} is declared"
    _listeners.setdefault(name, []).append(listener)


@registry.before_sample
def look() -> None:
    """Follow, if the last look was a while ago."""
    now = time.monotonic()
    if now - known.looked_at >= LOOK_S:
        known.looked_at = now
        follow()


def follow() -> None:
    """Read what was set, and tell those who listen."""
    try:
        text = ask("GET", KEY)
    except StoreAwayError:
        return
    if text is not None and text != known.text:
        known.text = text
        take(_values(text))


def take(values: Mapping[str, float]) -> None:
    """Use ``values`` from now on."""
    before, known.values = known.values, MappingProxyType(dict(values))
    for name, listeners in _listeners.items():
        value = values.get(name)
        if value != before.get(name):
            for listener in listeners:
                listener(value)


def forget() -> None:
    """Use what the program says; for tests."""
    take({})
    known.text, known.looked_at = b"", float("-inf")


def _values(text: bytes) -> dict[str, float]:
    try:
        found = orjson.loads(text)
        return {name: clamped(name, float(value)) for name, value in found.items() if spec_of(name) is not None}
    except (ValueError, TypeError, AttributeError):
        logger.warning("%s holds no settings.", KEY)
        return dict(known.values)


def _look_again() -> None:
    known.looked_at = float("-inf")


os.register_at_fork(after_in_child=_look_again)
