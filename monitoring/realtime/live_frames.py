"""What dashboards are told, as text. The shapes are those of docs/operations-api.md."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from common.clock import rfc3339
from monitoring.engine.derive import derive
from monitoring.engine.health import state_of
from monitoring.types import Frame, State, Thresholds

PROTOCOL: Final = 1
EVERY_S: Final = 1
_NOTICES: Final = {
    "live": "Measurements come each second.",
    "paused": "No measurements come for now; the charts show what was stored.",
}


def metrics(second: int, frames: Sequence[Frame], thresholds: Mapping[str, Thresholds], *, every_s: int = 1) -> str:
    """The values of the whole site in one second."""
    derived = derive(frames, thresholds=thresholds)
    values = {key.name: value for key, value in derived.items() if not key.dimension}
    states = {name: state_of(name, value, thresholds.get(name)) for name, value in values.items()}
    told = {name: state.value for name, state in states.items() if state in (State.WARNING, State.CRITICAL)}
    return text(
        {
            "type": "metrics",
            "seq": second,
            "ts": rfc3339(datetime.fromtimestamp(second, UTC)),
            "values": values,
            "health": {"score": values["health_score"], "status": states["health_score"].value},
            "status": told,
        }
        | ({"every_s": every_s} if every_s > 1 else {})
    )


def hello(seq: int | None) -> str:
    return text({"type": "hello", "protocol": PROTOCOL, "every_s": EVERY_S, "seq": seq})


def notice(code: str) -> str:
    return text({"type": "notice", "code": code, "detail": _NOTICES[code]})


def pong(command_id: Any) -> str:
    return text({"type": "pong", "id": command_id})


def mistake(command_id: Any, detail: str) -> str:
    return text({"type": "error", "id": command_id, "detail": detail})


def text(document: dict[str, Any]) -> str:
    return orjson.dumps(document).decode()
