"""Alerts that begin and end again and again.

Contract   A turn is a begin or an end of a condition that fires. The score is 0 without turns and 1 from ``TURNS_FULL``
           turns within ``WINDOW_S`` on.
Bound      ``TURNS_FULL`` turns are remembered.
"""

from typing import Final

WINDOW_S: Final = 3_600.0
TURNS_FULL: Final = 10
_FLAPS_FROM: Final = 0.5


def with_turn(turns: tuple[float, ...], at: float) -> tuple[float, ...]:
    return (*turns, at)[-TURNS_FULL:]


def flap_score(turns: tuple[float, ...], now: float) -> float:
    """0 to 1: how much of the last hour's turning an alert could do."""
    return sum(now - WINDOW_S < at <= now for at in turns) / TURNS_FULL


def is_flapping(turns: tuple[float, ...], now: float) -> bool:
    """From three begins with their ends in an hour on."""
    return flap_score(turns, now) >= _FLAPS_FROM
