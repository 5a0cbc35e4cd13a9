"""The 18 acceptance scenarios of Alertmanager (Apache-2.0), re-made under a virtual clock: same times, same windows."""

from collections.abc import Iterator

import pytest

from alerting.engine.deduplication import Reason
from alerting.engine.dispatch import Channel, Routing
from alerting.engine.inhibition import Inhibition
from alerting.engine.matchers import read_matchers
from alerting.engine.routing import Branch, routes_of
from alerting.engine.silences import Silence, expired, new_silence
from tests.alerting.acceptance.site import Collector, Seen, Site, seen

WEBHOOK = (Channel("webhook"),)
BY_NAME = ("alertname",)


def site(
    *,
    by: tuple[str, ...] = (),
    interval_s: float = 1.0,
    repeat_s: float = 0.001,
    channels: tuple[Channel, ...] = WEBHOOK,
    inhibitions: tuple[Inhibition, ...] = (),
    **more: object,
) -> Site:
    root = Branch("default", group_by=by, group_wait_s=1, group_interval_s=interval_s, repeat_interval_s=repeat_s)
    routing = Routing(routes_of(root), {"default": channels}, inhibitions)
    return Site(routing, {channel.name: Collector() for channel in channels}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("has_end", [False, True], ids=["merge", "merge with an end"])
def test_merge(has_end: bool) -> None:
    def end(start: float) -> float | None:
        return start + 3 if has_end else None

    one = site(by=BY_NAME)
    co = one.collectors["webhook"]
    one.push(1, 1.1, end(1.1), alertname="test")
    one.push(1.2, 1, alertname="test")
    co.want(2, 2.5, seen(1, alertname="test"))
    one.push(2.1, 2, end(2), {"ann": "v1"}, alertname="test")
    co.want(3, 3.5, seen(1, None, {"ann": "v1"}, alertname="test"))
    one.push(3.6, 1.5, end(1.5), {"ann": "v2"}, alertname="test")
    co.want(4, 4.5, seen(1, None, {"ann": "v2"}, alertname="test"))
    one.push(4.6, 3, 4.5, {"ann": "v2"}, alertname="test")
    one.push(4.8, 2.9, 4.8, {"ann": "v3"}, alertname="test")
    one.push(4.8, 2.9, 4.1, {"ann": "v3"}, alertname="test")
    co.want(5, 5.5, seen(1, 4.8, {"ann": "v3"}, alertname="test"))
    one.push(5.3, 5, end(5), alertname="test")
    co.want(6, 6.5, seen(5, alertname="test"))
    one.run(until=6.9)


def test_repeat() -> None:
    one = site(by=BY_NAME)
    co = one.collectors["webhook"]
    one.push(1, 1, alertname="test")
    one.push(3.5, 1, 3, alertname="test")
    co.want(2, 2.5, seen(1, alertname="test"))
    co.want(3, 3.5, seen(1, alertname="test"))
    co.want(4, 4.5, seen(1, 3, alertname="test"))
    one.run()
    assert co.reasons == [Reason.FIRST, Reason.REPEAT, Reason.ALL_RESOLVED]


def test_retry() -> None:
    channels = (Channel("webhook"), Channel("webhook_failing"))
    one = site(by=BY_NAME, interval_s=2, repeat_s=3, channels=channels)
    one.answers["webhook_failing"] = lambda at: (at >= 4.5, 0.0)
    co1, co2 = one.collectors.values()
    one.push(1, alertname="test1")
    co1.want(2, 2.5, seen(1, alertname="test1"))
    co1.want(6, 6.5, seen(1, alertname="test1"))
    # The published receiver says 200 and forgets, so that its second message comes with the repeat. Ours really fails.
    co2.want(4.5, 5, seen(1, alertname="test1"))
    one.run(until=7)


def test_batching() -> None:
    one = site(repeat_s=4.9)
    co = one.collectors["webhook"]
    one.push(1.1, 1, alertname="test1")
    one.push(1.7, 1, alertname="test5")
    early = [seen(1, alertname="test1"), seen(1, alertname="test5")]
    co.want(2.0, 2.5, *early)
    late = [seen(1.5, alertname="test2"), seen(1.5, alertname="test3"), seen(1.6, alertname="test4")]
    for alert in late:
        one.push(3.3, alert.starts_at, **dict(alert.labels))
    co.want(4.1, 4.5, *early, *late)
    co.want(9.1, 9.5, *early, *late)
    one.run(until=10)
    assert co.reasons == [Reason.FIRST, Reason.NEW_ALERTS, Reason.REPEAT]


def versions(*names: str, starts_at: float, ends_at: float | None = None) -> Iterator[Seen]:
    return (seen(starts_at, ends_at, alertname="test", lbl=name) for name in names)


def test_resolved() -> None:
    one = site(by=BY_NAME, interval_s=5, repeat_s=14_400, resolve_timeout_s=10)
    co = one.collectors["webhook"]
    for name in ("v1", "v2", "v3"):
        one.push(1, alertname="test", lbl=name)
    co.want(2, 2.5, *versions("v1", "v2", "v3", starts_at=1))
    co.want(12, 13, *versions("v1", "v2", "v3", starts_at=1, ends_at=11))
    one.run()


def test_resolved_filter() -> None:
    channels = (Channel("webhook1"), Channel("webhook2", sends_resolved=False))
    one = site(by=BY_NAME, interval_s=5, repeat_s=14_400, channels=channels, resolve_timeout_s=10)
    co1, co2 = one.collectors.values()
    one.push(1, alertname="test", lbl="v1")
    one.push(1, alertname="test", lbl="v2")
    one.push(3, 1, 4, alertname="test", lbl="v1")
    one.push(3, alertname="test", lbl="v3")
    one.push(8, 3, alertname="test", lbl="v3")
    first = list(versions("v1", "v2", starts_at=1))
    v2, v3 = seen(1, alertname="test", lbl="v2"), seen(3, alertname="test", lbl="v3")
    co1.want(2, 2.5, *first)
    co1.want(7, 7.5, seen(1, 4, alertname="test", lbl="v1"), v2, v3)
    co1.want(12, 12.5, seen(1, 11, alertname="test", lbl="v2"), v3)
    co2.want(2, 2.5, *first)
    co2.want(7, 7.5, v2, v3)
    co2.want(12, 12.5)
    one.run(until=13)


def test_cold_start() -> None:
    # Groups wait for the start, whatever their own timers say; then each is told once.
    one = site(by=BY_NAME, interval_s=6, repeat_s=600, starts_at=5)
    co = one.collectors["webhook"]
    one.push(1, -100, alertname="test1")
    one.push(2, alertname="test2")
    one.push(4.5, alertname="test3")
    co.want(5, 5.5, seen(-100, alertname="test1"))
    co.want(5, 5.5, seen(2, alertname="test2"))
    co.want(5.5, 6, seen(4.5, alertname="test3"))
    one.run(until=15)


def test_reload() -> None:
    one = site(interval_s=6, repeat_s=600)
    co = one.collectors["webhook"]
    one.push(1, alertname="test1")
    one.reload(3)
    one.push(4, alertname="test2")
    co.want(2, 2.5, seen(1, alertname="test1"))
    # Timers begin anew with a reload, so the six seconds count from 3.
    co.want(9, 9.5, seen(1, alertname="test1"), seen(4, alertname="test2"))
    one.run()


def test_webhook_timeout() -> None:
    one = site(by=BY_NAME, interval_s=60, repeat_s=60)
    one.answers["webhook"] = lambda at: (False, 0.5) if at < 3 else (True, 0.0)
    one.push(1, alertname="test1")
    one.collectors["webhook"].want(3, 4, seen(1, alertname="test1"))
    one.run(until=60)


def silence(matchers: str, starts_at: float, ends_at: float) -> Silence:
    return Silence("s1", read_matchers(matchers), starts_at, ends_at, 0.0, "dave", "test")


def test_add_silence() -> None:
    made = new_silence(silence('foo="bar"', 0, 86_400), 100.0)
    assert (made.starts_at, made.ends_at, made.updated_at) == (100.0, 86_400, 100.0)


TEST1, TEST2 = seen(1, alertname="test1"), seen(1, alertname="test2")


def test_silencing() -> None:
    one = site()
    co = one.collectors["webhook"]
    one.push(1, 1, alertname="test1")
    one.push(1, 1, alertname="test2")
    co.want(2, 2.5, TEST1, TEST2)
    one.silence(2.3, silence("alertname=test1", 2.5, 4.5))
    co.want(3, 3.5, TEST2)
    co.want(4, 4.5, TEST2)
    co.want(5, 5.5, TEST1, TEST2)
    one.run(until=5.9)


def test_silence_delete() -> None:
    one = site()
    one.push(1, 1, alertname="test1")
    one.push(1, 1, alertname="test2")
    one.silence(1.3, silence("alertname=~.+", 1.5, 100))
    one.do(3.5, lambda now: one.silences.update(s1=expired(one.silences["s1"], now)))
    one.collectors["webhook"].want(3.5, 4.5, TEST1, TEST2)
    one.run(until=4.9)


JOB_DOWN = Inhibition(
    read_matchers("alertname=JobDown"), read_matchers("alertname=InstanceDown"), equal=("job", "zone")
)


def job(name: str, zone: str, starts_at: float, ends_at: float | None = None) -> Seen:
    return seen(starts_at, ends_at, alertname=name, job="testjob", zone=zone)


def test_inhibiting() -> None:
    one = site(repeat_s=0.999, inhibitions=(JOB_DOWN,))
    co = one.collectors["webhook"]
    always = [job("test1", "aa", 1), job("InstanceDown", "ab", 1)]
    for alert in (*always, job("InstanceDown", "aa", 1)):
        one.push(1, **dict(alert.labels))
    one.push(2.2, alertname="JobDown", job="testjob", zone="aa")
    one.push(3.6, 2.2, 3.6, alertname="JobDown", job="testjob", zone="aa")
    co.want(2, 2.5, *always, job("InstanceDown", "aa", 1))
    co.want(3, 3.5, *always, job("JobDown", "aa", 2.2))
    co.want(4, 4.5, *always, job("InstanceDown", "aa", 1), job("JobDown", "aa", 2.2, 3.6))
    one.run(until=4.9)


def test_always_inhibiting() -> None:
    one = site(repeat_s=1, inhibitions=(JOB_DOWN,))
    co = one.collectors["webhook"]
    for name in ("InstanceDown", "JobDown"):
        one.push(1, alertname=name, job="testjob", zone="aa")
        one.push(2.6, 1, 2.6, alertname=name, job="testjob", zone="aa")
    co.want(2, 2.5, job("JobDown", "aa", 1))
    co.want(3, 3.5, job("InstanceDown", "aa", 1, 2.6), job("JobDown", "aa", 1, 2.6))
    one.run()


def test_empty_inhibition() -> None:
    one = site(repeat_s=600, inhibitions=(Inhibition(),))
    one.push(1, alertname="test1")
    one.push(1, alertname="test2")
    one.collectors["webhook"].want(2, 2.5, TEST1, TEST2)
    one.run()


def test_cluster_deduplication() -> None:
    one = site(repeat_s=3600, size=3)
    one.push(1, alertname="test1")
    one.collectors["webhook"].want(2, 3, seen(1, alertname="test1"))
    one.run()


def test_cluster_and_instance_tell_the_same() -> None:
    told = []
    for size in (1, 3):
        one = site(by=BY_NAME, repeat_s=3600, size=size)
        for at in (0.0, 2.0, 4.0, 6.0, 8.0):
            one.push(at, alertname=f"test1-{at}")
            one.collectors["webhook"].want(at, at + 5, seen(at, alertname=f"test1-{at}"))
        one.run()
        told.append(one.collectors["webhook"].got)
    assert told[0] == told[1]
