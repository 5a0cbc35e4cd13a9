"""The kinds of faults, and carrying one out.

Contract   ``strike`` returns when the fault is over, with the processes that have to end by it: nobody but them was
           touched, and each is a process of this run (see ``product``).
"""

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from scripts.storm.product import Product, children_of

#: Seconds that a paused process stands still, and that Redis is kept down.
PAUSE_S: Final = (1.0, 4.0)
DOWN_S: Final = (4.0, 6.0)


@dataclass(frozen=True, slots=True)
class Kind:
    """``is_kill``: without a chance to say farewell."""

    name: str
    part: str
    weight: int
    strike: Callable[[Product, random.Random], list[int]]
    is_kill: bool = True


def _send(pid: int | None, number: signal.Signals) -> list[int]:
    """The process, if there was one."""
    if pid is None:
        return []
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return []
    return [pid]


def _pause(pids: list[int], chance: random.Random) -> list[int]:
    for pid in pids:
        _send(pid, signal.SIGSTOP)
    time.sleep(chance.uniform(*PAUSE_S))
    for pid in pids:
        _send(pid, signal.SIGCONT)
    return []


def _one(pids: list[int], chance: random.Random) -> int | None:
    return chance.choice(pids) if pids else None


def _kill_web_process(product: Product, chance: random.Random) -> list[int]:
    return _send(_one(product.web_pids(), chance), signal.SIGKILL)


def _pause_web_process(product: Product, chance: random.Random) -> list[int]:
    pid = _one(product.web_pids(), chance)
    return _pause([pid] if pid else [], chance)


def _end_web(product: Product, chance: random.Random, number: signal.Signals) -> list[int]:
    """One of the servers; the processes that it watches go on for a moment, until the supervisor ends them too."""
    server = _one(product.web_servers(), chance)
    watched = children_of(server)
    return _send(server, number) + watched


def _kill_web(product: Product, chance: random.Random) -> list[int]:
    return _end_web(product, chance, signal.SIGKILL)


def _kill_all_web(product: Product, chance: random.Random) -> list[int]:
    """Nobody answers until the supervisor has started them again."""
    watched = product.web_pids()
    return [pid for server in product.web_servers() for pid in _send(server, signal.SIGKILL)] + watched


def _restart_web(product: Product, chance: random.Random) -> list[int]:
    """Its processes finish what they do; nobody has to wait for them."""
    _end_web(product, chance, signal.SIGTERM)
    return []


def _kill_worker(product: Product, chance: random.Random) -> list[int]:
    return _send(product.program_pid(chance.choice(("worker", "worker", "jobs", "alerting", "beat"))), signal.SIGKILL)


def _kill_worker_child(product: Product, chance: random.Random) -> list[int]:
    return _send(_one(children_of(product.program_pid("worker")), chance), signal.SIGKILL)


def _pause_worker(product: Product, chance: random.Random) -> list[int]:
    pid = product.program_pid("worker")
    return _pause([pid, *children_of(pid)] if pid else [], chance)


def _restart_worker(product: Product, chance: random.Random) -> list[int]:
    return _send(product.program_pid("worker"), signal.SIGTERM)


def _kill_redis(product: Product, chance: random.Random) -> list[int]:
    return _send(product.redis_pid(), signal.SIGKILL)


def _pause_redis(product: Product, chance: random.Random) -> list[int]:
    pid = product.redis_pid()
    return _pause([pid] if pid else [], chance)


def _keep_redis_down(product: Product, chance: random.Random) -> list[int]:
    """The supervisor starts it again at once, so it is killed again, for seconds."""
    until, killed = time.monotonic() + chance.uniform(*DOWN_S), list[int]()
    while time.monotonic() < until:
        killed = _send(product.redis_pid(), signal.SIGKILL) or killed
        time.sleep(0.02)
    # Many deaths of one fault.
    return killed


def _stop_postgres_immediately(product: Product, chance: random.Random) -> list[int]:
    """What `pg_ctl stop -m immediate` sends: no checkpoint, no farewell; the next start recovers from the log."""
    return _send(product.postgres_pid(), signal.SIGQUIT)


def _kill_postgres(product: Product, chance: random.Random) -> list[int]:
    return _send(product.postgres_pid(), signal.SIGKILL)


def _kill_postgres_backend(product: Product, chance: random.Random) -> list[int]:
    """One connection's process: PostgreSQL ends all others and recovers by itself."""
    return _send(_one(children_of(product.postgres_pid()), chance), signal.SIGKILL)


def _pause_postgres(product: Product, chance: random.Random) -> list[int]:
    pid = product.postgres_pid()
    return _pause([pid, *children_of(pid)] if pid else [], chance)


KINDS: Final = (
    Kind("kill a web process", "web", 5, _kill_web_process),
    Kind("pause a web process", "web", 2, _pause_web_process, is_kill=False),
    Kind("kill a web server", "web", 3, _kill_web),
    Kind("kill all web servers", "web", 1, _kill_all_web),
    Kind("restart a web server", "web", 1, _restart_web, is_kill=False),
    Kind("kill a worker", "worker", 4, _kill_worker),
    Kind("kill a worker's child", "worker", 2, _kill_worker_child),
    Kind("pause the worker", "worker", 1, _pause_worker, is_kill=False),
    Kind("restart the worker", "worker", 1, _restart_worker, is_kill=False),
    Kind("kill Redis", "redis", 3, _kill_redis),
    Kind("keep Redis down", "redis", 2, _keep_redis_down),
    Kind("pause Redis", "redis", 2, _pause_redis, is_kill=False),
    Kind("stop PostgreSQL immediately", "postgres", 3, _stop_postgres_immediately),
    Kind("kill PostgreSQL", "postgres", 2, _kill_postgres),
    Kind("kill a backend of PostgreSQL", "postgres", 2, _kill_postgres_backend),
    Kind("pause PostgreSQL", "postgres", 1, _pause_postgres, is_kill=False),
)
