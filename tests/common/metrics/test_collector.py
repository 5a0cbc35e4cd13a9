import os
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from common.metrics.collector import Collector
from common.metrics.keys import key
from common.metrics.registry import Registry
from common.metrics.sketch import Sketch
from common.metrics.totals import total_rows


def test_the_answers_add_up_to_what_was_counted() -> None:
    registry = Registry()
    counter = registry.counter("things_total", "Things.", ["kind"])
    collector = Collector(registry)
    counter.of("a").add(2)
    assert collector.collect().counters == {'things_total{kind="a"}': 2}
    assert collector.collect().counters == {}
    counter.of("a").add()
    counter.of("b").add(5)
    assert collector.collect().counters == {'things_total{kind="a"}': 1, 'things_total{kind="b"}': 5}


def test_a_counter_shows_up_before_it_counts() -> None:
    registry = Registry()
    collector = Collector(registry)
    registry.counter("things_total", "Things.").of()
    assert collector.collect().counters == {"things_total": 0}
    assert collector.collect().counters == {}


def test_gauges_are_told_each_time_and_times_once() -> None:
    registry = Registry()
    level, times = registry.gauge("level", "Level.").of(), registry.sketch("work_seconds", "Work.").of()
    collector = Collector(registry)
    level.set(3)
    times.record(0.5)
    first, second = collector.collect(), collector.collect()
    assert (first.gauges, second.gauges) == ({"level": 3}, {"level": 3})
    assert first.sketches["work_seconds"].count == 1
    assert second.sketches == {}


def test_a_child_of_a_fork_begins_at_nothing() -> None:
    registry = Registry()
    counter, times = registry.counter("things_total", "Things.").of(), registry.sketch("work_seconds", "Work.").of()
    level = registry.gauge("level", "Level.", ["kind"]).of("a")
    counter.add(7)
    level.set(1)
    times.record(1.0)
    # A lock that another thread held when the process was copied.
    counter._lock.acquire()
    registry.forget()
    counter.add()
    assert (counter.value, level.value, times.drain().count) == (1, None, 0)


def test_a_real_fork_forgets_what_the_parent_counted() -> None:
    from_child, to_parent = os.pipe()
    code = (
        "import os\n"
        "from common.metrics.registry import registry\n"
        "things = registry.counter('forked_things_total', 'Things.').of()\n"
        "things.add(9)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    things.add()\n"
        f"    os.write({to_parent}, str(things.value).encode())\n"
        "    os._exit(0)\n"
        "os.waitpid(child, 0)\n"
        "assert things.value == 9\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, pass_fds=[to_parent])
    os.close(to_parent)
    assert os.read(from_child, 100) == b"1.0"
    os.close(from_child)


@given(st.lists(st.floats(0.0001, 20), max_size=50), st.lists(st.floats(0.0001, 20), max_size=50))
def test_totals_of_parts_are_totals_of_all(first: list[float], second: list[float]) -> None:
    text = key("work_seconds", {"task": "a"})

    def rows(values: list[float]) -> dict[str, float]:
        sketch = Sketch()
        for value in values:
            sketch.record(value)
        return total_rows({}, {text: sketch})

    buckets = [name for name in rows(first) if "_bucket" in name]
    for name in [*buckets, 'work_seconds_count{task="a"}']:
        assert rows(first)[name] + rows(second)[name] == rows([*first, *second])[name]
    assert rows(first)['work_seconds_bucket{le="+Inf",task="a"}'] == len(first)


def test_a_histogram_counts_up_to_each_bound() -> None:
    sketch = Sketch()
    for value in (0.002, 0.03, 0.03, 700.0):
        sketch.record(value)
    rows = total_rows({"things_total": 4}, {"work_seconds": sketch})
    assert rows["things_total"] == 4
    assert rows['work_seconds_bucket{le="0.001"}'] == 0
    assert rows['work_seconds_bucket{le="0.0025"}'] == 1
    assert rows['work_seconds_bucket{le="0.05"}'] == 3
    assert rows['work_seconds_bucket{le="10.0"}'] == 3
    assert rows['work_seconds_bucket{le="+Inf"}'] == 4
    assert rows["work_seconds_count"] == 4
    assert rows["work_seconds_sum"] == 700.062


def test_sizes_have_bounds_of_their_own() -> None:
    sketch = Sketch()
    sketch.record(30)
    rows = total_rows({}, {"batch_commands": sketch})
    assert rows['batch_commands_bucket{le="20.0"}'] == 0
    assert rows['batch_commands_bucket{le="50.0"}'] == 1
