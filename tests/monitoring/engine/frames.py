"""Frames as a process would make them."""

from collections.abc import Mapping, Sequence
from typing import Any

from common.metrics.sketch import Sketch
from monitoring.types import Frame, Role


def sketch(*values: float) -> dict[str, Any]:
    made = Sketch()
    for value in values:
        made.record(value)
    return made.document()


def frame(
    role: Role = Role.WEB,
    *,
    pid: int = 1,
    host: str = "one",
    number: int = 1,
    seconds: float = 1.0,
    gauges: Mapping[str, float | None] | None = None,
    counters: Mapping[str, float] | None = None,
    times: Mapping[str, Sequence[float]] | None = None,
) -> Frame:
    process = role.value if role is Role.SITE else f"{role}-{host}-{pid}"
    return Frame(
        process=process,
        role=role,
        host=host,
        pid=pid,
        boot=f"boot-{pid}",
        number=number,
        at=1_700_000_000 + number,
        started_at=1_700_000_000.0,
        seconds=seconds,
        gauges=gauges or {},
        counters=counters or {},
        sketches={key: sketch(*values) for key, values in (times or {}).items()},
    )
