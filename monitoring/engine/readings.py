"""How measured values read on pages; static/js/lib/units.js says the same in the browser."""

from typing import Final, NamedTuple

NONE: Final = "\N{EN DASH}"
_BYTES: Final = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))
_SPANS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"))
_LARGE: Final = ((1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e4, 1e3, "k"))


#: What is counted, when the title says it already.
_UNSAID: Final = {"requests/s": "/s"} | dict.fromkeys(
    ("connections", "sockets", "tasks", "entries", "markets", "people", "points", "commands"), ""
)


class Reading(NamedTuple):
    number: str
    unit: str


def reading(value: float | None, unit: str, decimals: int) -> Reading:
    """A value as a glance needs it: number and unit apart."""
    if value is None:
        return Reading(NONE, "")
    unit = _UNSAID.get(unit, unit)
    if unit in ("bytes", "bytes/s"):
        return _scaled_bytes(value, unit.removeprefix("bytes"))
    if unit == "ms":
        return _milliseconds(value)
    if unit == "s":
        return _seconds(value)
    if unit == "0/1":
        return Reading("fine" if value >= 1 else "broken", "")
    for least, scale, suffix in _LARGE:
        if abs(value) >= least:
            return Reading(_short(value / scale) + suffix, unit)
    return Reading(f"{value:,.{0 if abs(value) >= 1_000 else decimals}f}", unit)


def _short(value: float) -> str:
    size = abs(value)
    return f"{value:,.{0 if size >= 100 or size == 0 else 1 if size >= 10 else 2}f}"


def _scaled_bytes(value: float, suffix: str) -> Reading:
    for scale, unit in _BYTES:
        if abs(value) >= scale:
            return Reading(_short(value / scale), unit + suffix)
    return Reading(f"{value:.0f}", "B" + suffix)


def _milliseconds(value: float) -> Reading:
    if abs(value) >= 1_000:
        return Reading(_short(value / 1_000), "s")
    return Reading(f"{value:.{0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2}f}", "ms")


def _seconds(value: float) -> Reading:
    if value and abs(value) < 1:
        return _milliseconds(value * 1_000)
    for scale, unit in _SPANS:
        if abs(value) >= 2 * scale:
            return Reading(_short(value / scale), unit)
    return Reading(f"{value:.{0 if abs(value) >= 10 else 1}f}", "s")
