"""Carrying a count out, and seeing that it was.

Why        The client of Kubernetes costs 60 MB: it is loaded by name, here alone, when a decision needs it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol, cast

from celery import current_app
from django.conf import settings
from django.utils.module_loading import import_string
from kombu.exceptions import OperationalError
from redis import Redis, RedisError

from common.outgoing.client import fetch
from common.outgoing.errors import OutgoingFailed, OutgoingRefused
from common.sealing import unseal
from monitoring.scaling.engine.webhook import message
from monitoring.scaling.errors import ActuatorFailed
from monitoring.scaling.models import Actuator, ScalingTarget
from monitoring.scaling.selectors.instances import worker_nodes
from monitoring.scaling.types import WANTED_WEB, WEBHOOK_SEAL

_ANSWER_S: Final = 2.0
_KUBERNETES: Final = "monitoring.scaling.services._kubernetes.replicas"


@dataclass(frozen=True, slots=True)
class Errand:
    """Bring the instances of ``target`` from ``before`` to ``count``, and why; ``at`` names it."""

    target: ScalingTarget
    before: int
    count: int
    reason: str
    at: datetime


class Replicas(Protocol):
    """The scale subresource of a workload."""

    def count(self) -> int: ...

    def set(self, count: int) -> None: ...


def act(errand: Errand) -> bool:
    """Do it; advice does nothing.

    Returns: whether something was done

    Raises: ActuatorFailed
    """
    actuator = Actuator(errand.target.actuator)
    if actuator is Actuator.ADVISORY or errand.before == errand.count:
        return False
    if actuator is Actuator.LOCAL:
        _ask_supervisor(errand.count)
    elif actuator is Actuator.KUBERNETES:
        kubernetes_replicas(errand.target.workload).set(errand.count)
    elif actuator is Actuator.WEBHOOK:
        _tell(errand)
    else:
        _resize_pool(errand.count - errand.before)
    return True


def kubernetes_replicas(workload: str) -> Replicas:
    """Raises: ActuatorFailed"""
    return cast("Replicas", import_string(_KUBERNETES)(workload))


def _ask_supervisor(count: int) -> None:
    try:
        with Redis.from_url(settings.REDIS_URL, socket_timeout=_ANSWER_S) as client:
            client.set(WANTED_WEB, count)
    except RedisError as problem:
        raise ActuatorFailed(f"Redis can't be asked: {problem}") from problem


def _tell(errand: Errand) -> None:
    target = errand.target
    key = unseal(target.webhook_sealed, purpose=WEBHOOK_SEAL) if target.webhook_sealed else ""
    body, headers = message(
        target=target.name, before=errand.before, count=errand.count, reason=errand.reason, at=errand.at, key=key
    )
    try:
        answer = fetch("POST", target.webhook_url, body=body, headers=headers)
    except (OutgoingFailed, OutgoingRefused) as problem:
        raise ActuatorFailed(f"The webhook can't be told: {problem.detail}") from problem
    if not answer.is_success:
        raise ActuatorFailed(f"The webhook answered {answer.status}.")


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
