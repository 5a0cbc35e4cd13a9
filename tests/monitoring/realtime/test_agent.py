import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import orjson
import pytest
import redis
from django.conf import settings

from common.metrics.registry import Registry
from monitoring.engine.frame_text import frame_of
from monitoring.realtime import agent as agents
from monitoring.realtime import publication as publishing
from monitoring.realtime.agent import Agent
from monitoring.realtime.publication import Publication
from monitoring.types import CHANNEL, META, PROCESS_PREFIX, PROCESSES, STREAM, TOTALS, Frame, Role
from tests.monitoring.engine.frames import frame

pytestmark = pytest.mark.redis
AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    """A database of its own, since other tests use the same server."""
    with redis.Redis.from_url(settings.REDIS_URL, db=9) as client:
        client.flushdb()
        yield client
        client.flushdb()


@pytest.fixture
def url() -> str:
    joint = "&" if "?" in settings.REDIS_URL else "?"
    return f"{settings.REDIS_URL}{joint}db=9"


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture
def agent(url: str, registry: Registry) -> Agent:
    return Agent(Role.WEB, url=url, data_dir=Path("/"), counted=registry)


def frames(client: redis.Redis) -> list[Frame]:
    return [frame_of(fields[b"f"]) for _, fields in client.xrange(STREAM)]


def totals(client: redis.Redis) -> dict[str, float]:
    return {name.decode(): float(value) for name, value in client.hgetall(TOTALS).items()}


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def beat(agent: Agent) -> None:
    agent.beat(shortest_s=0.0)


def test_a_frame_arrives_everywhere(client: redis.Redis, agent: Agent, registry: Registry) -> None:
    registry.counter("things_total", "Things.").of().add(3)
    registry.sketch("work_seconds", "Work.").of().record(0.2)
    registry.gauge("level", "Level.", merge="max").of().set(5)
    listener = client.pubsub(ignore_subscribe_messages=True)
    listener.subscribe(CHANNEL)
    listener.get_message(timeout=5)
    beat(agent)
    (told,) = frames(client)
    heard = listener.get_message(timeout=5)
    listener.close()
    assert frame_of(heard["data"]) == told
    assert (told.process, told.role, told.pid, told.number) == (agent.process, Role.WEB, os.getpid(), 1)
    assert (told.counters, told.gauges) == ({"things_total": 3}, {"level": 5})
    assert told.sketches["work_seconds"]["c"] == 1
    assert abs(told.at - time.time()) < 2
    presence = orjson.loads(client.get(PROCESS_PREFIX + agent.process))
    assert presence["gauges"] == {"level": 5}
    assert 0 < client.ttl(PROCESS_PREFIX + agent.process) <= 5
    assert client.zscore(PROCESSES, agent.process) == told.at
    assert totals(client)["things_total"] == 3
    assert totals(client)["work_seconds_count"] == 1
    assert orjson.loads(client.hget(META, "level")) == {"type": "gauge", "help": "Level.", "merge": "max"}
    assert orjson.loads(client.hget(META, "work_seconds"))["type"] == "histogram"


def test_totals_only_grow_and_are_exact(client: redis.Redis, agent: Agent, registry: Registry) -> None:
    things = registry.counter("things_total", "Things.").of()
    seen = []
    for amount in (2, 0, 5):
        things.add(amount)
        beat(agent)
        seen.append(totals(client)["things_total"])
    assert seen == [2, 2, 7]
    assert [told.number for told in frames(client)] == [1, 2, 3]
    assert len({told.at for told in frames(client)}) == 3


def test_a_repeated_frame_changes_nothing(client: redis.Redis, url: str) -> None:
    publication = Publication(url)
    told = frame(Role.WEB, number=4, counters={"things_total": 2})
    assert publication.publish(told, {"things_total": 2})
    assert not publication.publish(told, {"things_total": 2})
    assert not publication.publish(frame(number=3), {"things_total": 2})
    publication.close()
    assert totals(client) == {"things_total": 2}
    assert len(frames(client)) == 1


def test_there_are_only_so_many_totals(client: redis.Redis, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "TOTALS_MAX", 3)
    publication, before = Publication(url), publishing._REFUSED.value
    assert publication.publish(frame(number=1), {"a_total": 1, "b_total": 1})
    assert publication.publish(frame(number=2), {"a_total": 1, "c_total": 1, "d_total": 1})
    assert totals(client) == {"a_total": 2, "b_total": 1}
    assert publication.publish(frame(number=3), {"c_total": 1})
    publication.close()
    assert totals(client) == {"a_total": 2, "b_total": 1, "c_total": 1}
    assert publishing._REFUSED.value - before == 2


def test_nothing_is_lost_while_redis_is_away(client: redis.Redis, agent: Agent, url: str, registry: Registry) -> None:
    things, work = registry.counter("things_total", "Things.").of(), registry.sketch("work_seconds", "Work.").of()
    reachable = agent._publication
    agent._publication = Publication(AWAY)
    for _ in range(3):
        things.add()
        work.record(0.1)
        beat(agent)
    agent._publication.close()
    assert frames(client) == []
    agent._publication = reachable
    things.add()
    framed_at, last_beat_at = agent._framed_at, time.monotonic()
    beat(agent)
    assert totals(client)["things_total"] == 4
    assert totals(client)["work_seconds_count"] == 3
    # The first as it was made then, the second with all that came after.
    assert [told.counters["things_total"] for told in frames(client)] == [1, 3]
    assert frames(client)[1].seconds >= round(last_beat_at - framed_at, 3)


def test_a_frame_whose_answer_was_lost_counts_once(client: redis.Redis, agent: Agent, registry: Registry) -> None:
    registry.counter("things_total", "Things.").of().add()
    beat(agent)
    pending = agent._pending = agent._framed()
    agent._publication.publish(*pending)
    registry.counter("things_total", "Things.").of().add()
    beat(agent)
    assert totals(client)["things_total"] == 2
    assert [told.number for told in frames(client)] == [1, 2, 3]


def test_a_mistake_in_a_measurement_costs_that_one(
    client: redis.Redis, agent: Agent, registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    registry.counter("things_total", "Things.").of().add()
    registry.before_sample(lambda: [][0])
    beat(agent)
    beat(agent)
    assert len(frames(client)) == 2
    assert totals(client)["things_total"] == 1
    assert [record.getMessage() for record in caplog.records] == [
        f"{__name__} could not be measured: IndexError('list index out of range')"
    ]


def test_a_mistake_in_the_agent_ends_nothing(
    client: redis.Redis, agent: Agent, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(agent, "_measures", (lambda: [][0],))
        beat(agent)
        beat(agent)
    assert frames(client) == []
    assert [record.getMessage() for record in caplog.records] == [
        "A measurement failed: IndexError('list index out of range')"
    ]
    beat(agent)
    assert len(frames(client)) == 1


def test_a_jumping_clock_falsifies_no_rate(client: redis.Redis, agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    beat(agent)
    truth = time.time()
    for jump in (3600, -3600):
        monkeypatch.setattr(agents.time, "time", lambda jump=jump: truth + jump)
        beat(agent)
    monkeypatch.undo()
    told = frames(client)
    assert [round((one.at - truth) / 3600) for one in told] == [0, 1, -1]
    assert all(0 < one.seconds < 10 for one in told)


def test_it_beats_each_second_and_leaves_when_stopped(client: redis.Redis, agent: Agent, registry: Registry) -> None:
    things = registry.counter("things_total", "Things.").of()
    agent.start()
    wait_for(lambda: len(frames(client)) >= 3)
    things.add(11)
    agent.stop()
    assert not agent._thread.is_alive()
    told = frames(client)
    # A busy machine may miss a second; the frame after it then covers both.
    assert all(later.at > earlier.at for earlier, later in pairwise(told))
    assert all(abs(later.at - earlier.at - later.seconds) < 1.5 for earlier, later in pairwise(told))
    assert totals(client)["things_total"] == 11
    assert client.get(PROCESS_PREFIX + agent.process) is None
    assert client.zscore(PROCESSES, agent.process) is None


PROGRAM = """
import os, sys, time
from pathlib import Path
from common.metrics.registry import registry
from monitoring.realtime import agent as agents
from monitoring.realtime import publication as publishing
from monitoring.types import Role
things = registry.counter("things_total", "Things.").of()

def run(child):
    agents._running.append(agents.Agent(Role.WORKER, url=sys.argv[1], data_dir=Path("/")))
    agents._running[0].start()
    print(("child" if child else "parent"), os.getpid(), flush=True)

run(False)
things.add(100)
time.sleep(1.2)
if sys.argv[2] == "fork" and os.fork() == 0:
    assert agents._running == []
    run(True)
while True:
    things.add()
    print("counted", flush=True)
    time.sleep(0.01)
"""


def start(url: str, kind: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", f"import django; django.setup()\n{PROGRAM}", url, kind]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_killed_process_loses_its_last_interval_only(client: redis.Redis, url: str) -> None:
    program = start(url, "alone")
    assert program.stdout is not None
    wait_for(lambda: totals(client).get("things_total", 0) > 150)
    program.send_signal(signal.SIGKILL)
    killed_at = time.time()
    counted = 100 + program.stdout.read().count("counted")
    program.wait()
    program.stdout.close()
    told = totals(client)["things_total"]
    # It counts at most a hundred a second.
    unsaid_s = killed_at - frames(client)[-1].at
    assert counted - 100 * (unsaid_s + 1.5) <= told <= counted
    assert told == sum(one.counters.get("things_total", 0) for one in frames(client))


def test_a_fork_has_an_agent_and_a_boot_of_its_own(client: redis.Redis, url: str) -> None:
    program = start(url, "fork")
    assert program.stdout is not None
    wait_for(lambda: len({one.boot for one in frames(client)}) == 2 and len(frames(client)) > 5)
    pids = {one.pid for one in frames(client)}
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    program.wait()
    program.stdout.close()
    assert len(pids) == 2
    child = [one for one in frames(client) if one.pid != program.pid]
    parent = [one for one in frames(client) if one.pid == program.pid]
    assert child[0].number == 1
    # What the parent had counted before the fork is told by the parent alone.
    assert parent[0].counters["things_total"] >= 100
    assert child[0].counters["things_total"] <= 100 * child[0].seconds + 50
    told = totals(client)["things_total"]
    assert told == sum(one.counters.get("things_total", 0) for one in [*parent, *child])
