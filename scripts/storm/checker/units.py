"""Decimal strings as whole units: 1/10,000 of a payout or a share, 1/100,000,000 of a credit."""

from decimal import Decimal


def _whole(text: str, scale: int) -> int:
    scaled = Decimal(text) * scale
    if scaled != int(scaled):
        raise ValueError(f"{text} is finer than a unit")
    return int(scaled)


def ticks(text: str) -> int:
    return _whole(text, 10_000)


def lots(text: str) -> int:
    return _whole(text, 10_000)


def cash_units(text: str) -> int:
    return _whole(text, 100_000_000)
