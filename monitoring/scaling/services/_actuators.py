"""Carrying a count out, and seeing that it was."""

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError
from redis import Redis, RedisError

from monitoring.scaling.models import Actuator
from monitoring.scaling.selectors.instances import worker_nodes
from monitoring.scaling.types import WANTED_WEB

_ANSWER_S = 2.0


class ActuatorFailed(Exception):
    """The count isn't what was asked for; the message says why."""


def act(actuator: Actuator, *, before: int, count: int) -> bool:
    """Bring the instances from ``before`` to ``count``; advice does nothing.

    Returns: whether something was done

    Raises: ActuatorFailed
    """
    if actuator is Actuator.ADVISORY or before == count:
        return False
    if actuator is Actuator.LOCAL:
        _ask_supervisor(count)
    else:
        _resize_pool(count - before)
    return True


def _ask_supervisor(count: int) -> None:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=_ANSWER_S) as client:
            client.set(WANTED_WEB, count)
    except RedisError as problem:
        raise ActuatorFailed(f"Redis can't be asked: {problem}") from problem


def _resize_pool(change: int) -> None:
    """Grow the smallest pool, or shrink the largest one; it finishes the tasks that it has."""
    nodes = worker_nodes()
    if not nodes:
        raise ActuatorFailed("No worker answers.")
    name = min(nodes, key=nodes.__getitem__) if change > 0 else max(nodes, key=nodes.__getitem__)
    command = "pool_grow" if change > 0 else "pool_shrink"
    try:
        answers = current_app.control.broadcast(
            command, arguments={"n": abs(change)}, destination=[name], reply=True, timeout=_ANSWER_S
        )
    except (RedisError, OperationalError, OSError) as problem:
        raise ActuatorFailed(f"The worker can't be asked: {problem}") from problem
    answer = next((found[name] for found in answers or [] if name in found), None)
    if answer is None:
        raise ActuatorFailed(f"{name} didn't answer.")
    if "error" in answer:
        raise ActuatorFailed(f"{name}: {answer['error']}")
