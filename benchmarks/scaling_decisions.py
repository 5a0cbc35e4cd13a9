"""How long a round of scaling decisions takes, without reading and acting."""

import statistics
import time
from typing import Final

from benchmarks.report import Row
from benchmarks.stack import Stack
from monitoring.scaling.engine.decision import State, Target, decide
from monitoring.scaling.engine.policies import Policy

TARGETS: Final = 50
POLICIES: Final = 5
ROUND_MS_MAX: Final = 10.0
_ROUND_S: Final = 15.0
_LOADS: Final = (20.0, 90.0, 50.0)


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    policies = [Policy(str(number), "cpu_usage", 80.0, 30.0) for number in range(POLICIES)]
    targets = [Target(str(number)) for number in range(TARGETS)]
    states, counts, spent_ms = [State()] * TARGETS, [3] * TARGETS, []
    for turn in range(100 if is_quick else 400):
        values: dict[str, float | None] = {"cpu_usage": _LOADS[turn // 7 % len(_LOADS)]}
        began = time.perf_counter()
        for number, target in enumerate(targets):
            decision, states[number] = decide(
                target=target,
                policies=policies,
                values=values,
                current=counts[number],
                state=states[number],
                now=turn * _ROUND_S,
            )
            counts[number] = decision.count
        spent_ms.append((time.perf_counter() - began) * 1000)
    figure = f"median round of {TARGETS} targets with {POLICIES} policies each, ms"
    return [Row("scaling decisions", figure, statistics.median(spent_ms), ROUND_MS_MAX, is_ceiling=True)]
