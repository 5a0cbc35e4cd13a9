"""The state of a detector as bytes, so that it survives restarts.

Contract   ``detector_of(text_of(detector))`` judges every later value exactly as ``detector`` would.
           A text of another version is refused with ValueError; the series is then learnt anew.
"""

import json
from typing import Any, Final

from monitoring.forecasting.engine.detector import Detector, Forecaster, Records, Surprise
from monitoring.forecasting.engine.seasons import DayRanges, SlotMeans
from monitoring.forecasting.engine.tails import Channel, Tail

VERSION: Final = 1
_KINDS: Final = {
    kind.__name__: kind for kind in (Detector, Forecaster, Records, Surprise, DayRanges, SlotMeans, Channel, Tail)
}


def text_of(detector: Detector) -> bytes:
    return json.dumps({"version": VERSION, "state": _plain(detector)}, separators=(",", ":")).encode()


def detector_of(text: bytes) -> Detector:
    """Raises: ValueError for a text of another version."""
    document = json.loads(text)
    if not isinstance(document, dict) or document.get("version") != VERSION:
        raise ValueError("The state of the detector is of another version.")
    found = _thing(document["state"])
    assert isinstance(found, Detector)
    return found


def _plain(thing: Any) -> Any:
    if type(thing).__name__ in _KINDS:
        return {"kind": type(thing).__name__, **{name: _plain(getattr(thing, name)) for name in thing.__slots__}}
    if isinstance(thing, dict):
        return [[key, _plain(value)] for key, value in thing.items()]
    return [_plain(item) for item in thing] if isinstance(thing, list) else thing


def _thing(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return [_thing(item) for item in plain] if isinstance(plain, list) else plain
    kind = _KINDS[plain["kind"]]
    made = object.__new__(kind)
    for name in kind.__slots__:
        value = _thing(plain[name])
        setattr(made, name, _table(value) if (kind, name) in _TABLES else value)
    return made


def _table(pairs: list[Any]) -> dict[int, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in pairs}


#: Slots that are tables by number.
_TABLES: Final = {(SlotMeans, "means"), (SlotMeans, "seen"), (DayRanges, "ranges")}
