"""How long orders stood still at each fault, and how soon the part was back.

Measured   From the notes: an order counts when it was accepted. The longest time without one, from the fault to a while
           after its end, is what traders felt; a pause is a part of it. That a part is back was seen from outside.
Bounds     Seconds; what ``make storm`` promises. Faults that overlap are held to the most patient of their bounds.
           Redis away is no reason to refuse an order.
"""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from scripts.storm.checker.evidence import Evidence, Row
from scripts.storm.checker.findings import Findings

BACK_WITHIN_S: Final = {"web": 5.0, "postgres": 30.0, "redis": 5.0, "worker": 5.0}
#: Orders accepted in a window without Redis, as a share of the rate of the whole run.
REDIS_SHARE_MIN: Final = 0.25
#: Windows that are shorter say nothing about a rate.
REDIS_WINDOW_S: Final = 2.0
#: A web server that answers again still has to take up its connections.
_AFTER_S: Final = 1.0


def check_availability(evidence: Evidence, findings: Findings) -> None:
    accepted = sorted(
        command.answer.at
        for command in evidence.commands.values()
        if command.what == "place" and command.answer is not None and command.is_accepted
    )
    backs: dict[str, float] = {}
    gaps: dict[str, float] = {}
    for fault in evidence.faults:
        part, bound, healed_s = fault["part"], _bound(fault, evidence), fault["healed_s"]
        name = f"fault {fault['number']} ({fault['kind']})"
        is_back = healed_s is not None and healed_s <= bound
        findings.expect(is_back, f"availability.{part}", f"{name}: back after {healed_s} s, allowed {bound}")
        backs[part] = max(backs.get(part, 0.0), healed_s or 0.0)
        end = fault["ended_at"] + (healed_s or bound) + _AFTER_S
        gap = _longest_gap(accepted, fault["at"], end)
        paused_s = fault["ended_at"] - fault["at"]
        text = f"{name}: no order for {gap:.1f} s, allowed {bound} and the {paused_s:.1f} s of the fault"
        findings.expect(gap <= bound + paused_s, f"availability.{part}", text)
        gaps[part] = max(gaps.get(part, 0.0), gap)
    for part in backs:
        findings.counts[f"{part}_back_after_at_most_s"] = round(backs[part], 2)
        findings.counts[f"no_order_for_at_most_s_at_faults_of_{part}"] = round(gaps[part], 2)
    _check_without_redis(evidence, accepted, findings)


def _longest_gap(accepted: Sequence[float], start: float, end: float) -> float:
    """Between two orders of which the later one came after ``start`` and the earlier one before ``end``."""
    first = max(bisect_left(accepted, start) - 1, 0)
    last = min(bisect_left(accepted, end) + 1, len(accepted))
    near = accepted[first:last]
    return max((after - before for before, after in pairwise(near)), default=end - start)


def _bound(fault: Row, evidence: Evidence) -> float:
    """That of its part, or of a more patient one that was away at the same time."""
    near = [
        BACK_WITHIN_S[other["part"]]
        for other in evidence.faults
        if other["at"] <= fault["ended_at"] + BACK_WITHIN_S[fault["part"]]
        and other["ended_at"] + (other["healed_s"] or 0.0) >= fault["at"]
    ]
    return max(near)


def _check_without_redis(evidence: Evidence, answered_at: Sequence[float], findings: Findings) -> None:
    windows = [
        (fault["at"], fault["ended_at"])
        for fault in evidence.faults
        if fault["part"] == "redis" and fault["ended_at"] - fault["at"] >= REDIS_WINDOW_S and not fault["is_double"]
    ]
    if not windows or not answered_at:
        return
    rate = len(answered_at) / max(answered_at[-1] - answered_at[0], 1.0)
    shares = []
    for start, end in windows:
        count = bisect_left(answered_at, end) - bisect_left(answered_at, start)
        shares.append(count / (end - start) / rate)
        text = f"{count} orders in {end - start:.1f} s without Redis, {rate:.0f} orders/s over the whole run"
        findings.expect(shares[-1] >= REDIS_SHARE_MIN, "availability.without_redis", text)
    findings.counts["windows_without_redis"] = len(windows)
    findings.counts["slowest_window_without_redis_share_of_rate"] = round(min(shares), 2)
