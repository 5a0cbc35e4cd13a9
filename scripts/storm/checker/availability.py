"""How soon orders went on after each fault.

Measured   From the notes alone: an order counts that was sent after the fault and accepted. A pause counts from its
           end. Faults that overlap are held to the most patient of their bounds.
Bounds     Seconds; what ``make storm`` promises. Redis away is no reason to refuse an order.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

from scripts.storm.checker.evidence import Evidence, Row
from scripts.storm.checker.findings import Findings

BACK_WITHIN_S: Final = {"web": 5.0, "postgres": 30.0, "redis": 5.0, "worker": 5.0}
#: Orders accepted in a window without Redis, as a share of the rate of the whole run.
REDIS_SHARE_MIN: Final = 0.25
#: Windows that are shorter say nothing about a rate.
REDIS_WINDOW_S: Final = 2.0


def check_availability(evidence: Evidence, findings: Findings) -> None:
    sent_and_answered = sorted(
        (command.sent_at, command.answer.at)
        for command in evidence.commands.values()
        if command.what == "place" and command.answer is not None and command.is_accepted
    )
    worst: dict[str, float] = {}
    longest: dict[str, float] = {}
    for fault in evidence.faults:
        part, took = fault["part"], _first_after(sent_and_answered, fault["ended_at"]) - fault["ended_at"]
        worst[part] = max(worst.get(part, 0.0), took)
        text = (
            f"fault {fault['number']} ({fault['kind']}): no order for {took:.1f} s, allowed {_bound(fault, evidence)}"
        )
        findings.expect(took <= _bound(fault, evidence), f"availability.{part}", text)
        healed_s = fault["healed_s"]
        text = f"fault {fault['number']} ({fault['kind']}): back after {healed_s} s, allowed {_bound(fault, evidence)}"
        is_back = healed_s is not None and healed_s <= _bound(fault, evidence)
        findings.expect(is_back, f"availability.{part}", text)
        longest[part] = max(longest.get(part, 0.0), healed_s or 0.0)
    for part, took in longest.items():
        findings.counts[f"{part}_back_after_at_most_s"] = round(took, 2)
    for part, took in worst.items():
        findings.counts[f"longest_without_orders_after_{part}_s"] = round(took, 2)
    _check_without_redis(evidence, [at for _, at in sent_and_answered], findings)


def _first_after(sent_and_answered: Sequence[tuple[float, float]], at: float) -> float:
    """When the first order that was sent after ``at`` was answered."""
    start = bisect_left(sent_and_answered, (at, 0.0))
    return min((answered for _, answered in sent_and_answered[start : start + 500]), default=float("inf"))


def _bound(fault: Row, evidence: Evidence) -> float:
    """That of its part, or of a more patient one that was away at the same time."""
    near = [
        BACK_WITHIN_S[other["part"]]
        for other in evidence.faults
        if other["at"] <= fault["ended_at"] + BACK_WITHIN_S[fault["part"]]
        and other["ended_at"] + (other["healed_s"] or 0.0) >= fault["at"]
    ]
    return max(near)


def _check_without_redis(evidence: Evidence, answered_at: list[float], findings: Findings) -> None:
    windows = [
        (fault["at"], fault["ended_at"])
        for fault in evidence.faults
        if fault["part"] == "redis" and fault["ended_at"] - fault["at"] >= REDIS_WINDOW_S and not fault["is_double"]
    ]
    answered_at.sort()
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
