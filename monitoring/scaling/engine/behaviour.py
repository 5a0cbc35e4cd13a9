"""From the count that metrics ask for to the count that is set: Kubernetes' windows and rates.

Contract   ``settle`` takes the wished count and the memory, and answers the count to set, the clamps and the new
           memory. Times are seconds of any one clock. Pure.
Bound      The memory keeps what the longest window or period can still see.
"""

import math
from collections.abc import Sequence
from typing import Final

from monitoring.scaling.types import Behaviour, Clamp, Direction, Memory, Moment, Rate, RateKind, Rules, Select

_FAR: Final = 2**31 - 1


def combined(current: int, counts: Sequence[int | None]) -> int | None:
    """The largest count; None when nothing is known, or when something is missing and it would go down."""
    known = [count for count in counts if count is not None]
    if not known or (len(known) < len(counts) and max(known) < current):
        return None
    return max(known)


def settle(
    *, current: int, wished: int, low: int, high: int, behaviour: Behaviour, memory: Memory, now: float
) -> tuple[int, tuple[Clamp, ...], Memory]:
    """Bring a wish within windows, rates and bounds; what was wished is remembered.

    A count that is outside of ``low`` and ``high`` is brought inside at once, whatever was wished.
    """
    if not low <= current <= high:
        bounded = min(max(current, low), high)
        return bounded, (Clamp("bounds", current, bounded),), memory
    stable = stabilised(current, wished, behaviour, memory, now)
    limited = rated(current, stable, behaviour, memory, now)
    bounded = min(max(limited, low), high)
    steps = (("window", wished, stable), ("rate", stable, limited), ("bounds", limited, bounded))
    clamps = tuple(Clamp(name, before, after) for name, before, after in steps if before != after)
    return bounded, clamps, _with_wish(memory, behaviour, now, wished)


def stabilised(current: int, wished: int, behaviour: Behaviour, memory: Memory, now: float) -> int:
    """Out by the least wish of the window, in by the greatest."""
    lowest = highest = wished
    for past in memory.recommendations:
        if past.at > now - behaviour.out.window_s:
            lowest = min(lowest, past.count)
        if past.at > now - behaviour.into.window_s:
            highest = max(highest, past.count)
    return min(max(current, lowest), highest)


def rated(current: int, wished: int, behaviour: Behaviour, memory: Memory, now: float) -> int:
    """At most what the rates of the direction allow."""
    if wished > current:
        return min(wished, max(limit_out(current, behaviour.out, memory, now), current))
    if wished < current:
        return max(wished, min(limit_in(current, behaviour.into, memory, now), current))
    return wished


def limit_out(current: int, rules: Rules, memory: Memory, now: float) -> int:
    """The highest count that the rates allow now."""
    if rules.select is Select.DISABLED:
        return current
    allowed = [_allowed(rate, _start(current, rate, memory, now), Direction.OUT) for rate in rules.rates]
    return min(allowed, default=_FAR) if rules.select is Select.MIN else max(allowed, default=-_FAR)


def limit_in(current: int, rules: Rules, memory: Memory, now: float) -> int:
    """The lowest count that the rates allow now."""
    if rules.select is Select.DISABLED:
        return current
    allowed = [_allowed(rate, _start(current, rate, memory, now), Direction.IN) for rate in rules.rates]
    return max(allowed, default=-_FAR) if rules.select is Select.MIN else min(allowed, default=_FAR)


def with_change(memory: Memory, behaviour: Behaviour, now: float, change: int) -> Memory:
    """The memory after the count was changed by ``change``."""
    since = now - max((rate.period_s for rate in (*behaviour.out.rates, *behaviour.into.rates)), default=0.0)
    outs = [past for past in memory.outs if past.at > since]
    ins = [past for past in memory.ins if past.at > since]
    if change > 0:
        outs.append(Moment(now, change))
    if change < 0:
        ins.append(Moment(now, -change))
    return Memory(memory.recommendations, tuple(outs), tuple(ins))


def _start(current: int, rate: Rate, memory: Memory, now: float) -> int:
    """How many there were when the period of the rate began."""
    since = now - rate.period_s
    added = sum(past.count for past in memory.outs if past.at > since)
    removed = sum(past.count for past in memory.ins if past.at > since)
    return current - added + removed


def _allowed(rate: Rate, start: int, direction: Direction) -> int:
    if direction is Direction.OUT:
        # Rounded up, or one instance would never become two by less than 100 %.
        return start + rate.value if rate.kind is RateKind.PODS else math.ceil(start * (1 + rate.value / 100))
    return start - rate.value if rate.kind is RateKind.PODS else int(start * (1 - rate.value / 100))


def _with_wish(memory: Memory, behaviour: Behaviour, now: float, wished: int) -> Memory:
    since = now - max(behaviour.out.window_s, behaviour.into.window_s)
    kept = tuple(past for past in memory.recommendations if past.at > since)
    return Memory((*kept, Moment(now, wished)), memory.outs, memory.ins)
