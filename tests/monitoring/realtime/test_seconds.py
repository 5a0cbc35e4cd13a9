from monitoring.realtime.seconds import WAITING_MAX, Seconds
from monitoring.types import SITE_HOLD_S, Role
from tests.monitoring.telling import frame


def processes(seconds: Seconds, second: int) -> list[str]:
    return sorted(one.process for one in seconds.take(second))


def test_a_second_is_whole_when_all_who_told_before_have_told() -> None:
    seconds = Seconds()
    assert not seconds.is_whole(100)
    for at in (100, 101):
        for process in ("a", "b"):
            seconds.hear(frame(at, process=process))
    assert seconds.is_whole(100)
    assert processes(seconds, 100) == ["a", "b"]
    assert seconds.is_whole(101)
    assert processes(seconds, 101) == ["a", "b"]
    seconds.hear(frame(102, process="a"))
    assert not seconds.is_whole(102)
    seconds.hear(frame(102, process="c"))
    assert not seconds.is_whole(102)
    assert processes(seconds, 102) == ["a", "c"]
    seconds.hear(frame(103, process="a"))
    seconds.hear(frame(103, process="c"))
    assert seconds.is_whole(103)


def test_what_comes_after_its_second_was_taken_is_left_to_the_store() -> None:
    seconds = Seconds()
    seconds.hear(frame(100))
    assert processes(seconds, 100) == ["web-h-1"]
    seconds.hear(frame(100, process="late"))
    assert seconds.late == 1
    assert processes(seconds, 101) == []


def test_the_site_speaks_for_the_seconds_after_it_but_not_alone() -> None:
    seconds = Seconds()
    seconds.hear(frame(100, process="site", role=Role.SITE))
    assert processes(seconds, 100) == []
    seconds.hear(frame(100 + SITE_HOLD_S))
    assert processes(seconds, 100 + SITE_HOLD_S) == ["site", "web-h-1"]
    seconds.hear(frame(101 + SITE_HOLD_S))
    assert processes(seconds, 101 + SITE_HOLD_S) == ["web-h-1"]


def test_seconds_that_nobody_takes_are_dropped() -> None:
    seconds = Seconds()
    for at in range(100, 120):
        seconds.hear(frame(at))
    seconds.take(110)
    assert sorted(seconds._waiting) == list(range(111, 110 + WAITING_MAX + 1))
