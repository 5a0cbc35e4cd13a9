"""How many instances there are now, as they tell themselves."""

from celery import current_app
from kombu.exceptions import OperationalError
from redis import RedisError

from monitoring.scaling.types import WEB
from monitoring.selectors.recent_frames import FRESH_S, recent_frames
from monitoring.types import Role

_ANSWER_S = 1.0
#: Workers of this name take the queue of all short tasks; those of long jobs have another.
_NODE = "celery@"


def instance_count(target: str) -> int | None:
    """None when nobody can tell."""
    return _web_count() if target == WEB else worker_count()


def worker_nodes() -> dict[str, int]:
    """The processes in the pool of each worker node; empty when none answers.

    Raises: nothing; a broker that is away is no answer
    """
    try:
        answers = current_app.control.inspect(timeout=_ANSWER_S).stats() or {}
    except (RedisError, OperationalError, OSError):
        return {}
    return {name: len(stats["pool"]["processes"]) for name, stats in answers.items() if name.startswith(_NODE)}


def worker_count() -> int | None:
    return sum(worker_nodes().values()) or None


def _web_count() -> int | None:
    recent = recent_frames()
    if recent is None or recent.second is None:
        return None
    fresh = [one for one in recent.frames if one.role is Role.WEB and one.at > recent.second - FRESH_S]
    return len(fresh) or None
