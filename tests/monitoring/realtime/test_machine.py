"""Against a made-up /proc and /sys, and against the ones of this machine."""

import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from monitoring.engine.machine import levels
from monitoring.realtime.machine import Machine

GB = 1 << 30


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


@pytest.fixture
def limited_v2(tmp_path: Path) -> Path:
    write(
        tmp_path,
        {
            "proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
            "proc/self/cgroup": "0::/kubepods/pod7/ab12\n",
            "sys/fs/cgroup/kubepods/memory.max": f"{4 * GB}\n",
            "sys/fs/cgroup/kubepods/pod7/memory.max": f"{GB}\n",
            "sys/fs/cgroup/kubepods/pod7/memory.current": f"{GB // 2}\n",
            "sys/fs/cgroup/kubepods/pod7/memory.stat": f"anon 1\ninactive_file {GB // 4}\n",
            "sys/fs/cgroup/kubepods/pod7/io.stat": "8:0 rbytes=7 wbytes=9\n",
            "sys/fs/cgroup/kubepods/pod7/ab12/memory.max": "max\n",
            "sys/fs/cgroup/kubepods/pod7/ab12/cpu.max": "50000 100000\n",
            "sys/fs/cgroup/kubepods/pod7/ab12/cpu.stat": "usage_usec 3000000\nnr_periods 8\nnr_throttled 2\n",
            "sys/fs/cgroup/kubepods/pod7/ab12/cpu.pressure": "some avg10=0 avg60=0 avg300=0 total=250000\n",
        },
    )
    return tmp_path


def test_the_tightest_limit_counts(limited_v2: Path) -> None:
    machine = Machine(limited_v2, limited_v2)
    assert machine.is_limited
    read = machine.read()
    assert (read.cpu_seconds, read.cpu_capacity, read.periods, read.periods_throttled) == (3.0, 0.5, 8, 2)
    assert (read.memory_used, read.memory_total) == (GB // 4, GB)
    assert read.memory_available is not None
    assert read.memory_available <= GB - GB // 4
    assert (read.stalled_cpu_s, read.disk_read, read.disk_written) == (0.25, 7, 9)


def test_version_1(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "proc/self/mountinfo": (
                "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
                "33 31 0:30 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct\n"
                "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
                "38 31 0:35 / /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio\n"
            ),
            "proc/self/cgroup": "7:blkio:/d/1\n4:memory:/d/1\n2:cpuacct:/d/1\n1:cpu:/d/1\n0::/\n",
            "sys/fs/cgroup/cpu/d/1/cpu.cfs_quota_us": "100000\n",
            "sys/fs/cgroup/cpu/d/1/cpu.cfs_period_us": "100000\n",
            "sys/fs/cgroup/cpu/d/1/cpu.stat": "nr_periods 5\nnr_throttled 1\nthrottled_time 9\n",
            "sys/fs/cgroup/cpuacct/d/1/cpuacct.usage": "2500000000\n",
            "sys/fs/cgroup/memory/d/1/memory.limit_in_bytes": f"{GB}\n",
            "sys/fs/cgroup/memory/d/1/memory.usage_in_bytes": f"{GB // 2}\n",
            "sys/fs/cgroup/memory/d/1/memory.stat": "total_inactive_file 0\n",
            "sys/fs/cgroup/blkio/d/1/blkio.throttle.io_service_bytes": "8:0 Read 11\n8:0 Write 22\nTotal 33\n",
        },
    )
    read = Machine(tmp_path, tmp_path).read()
    assert (read.cpu_seconds, read.cpu_capacity, read.periods, read.periods_throttled) == (2.5, 1.0, 5, 1)
    assert (read.memory_used, read.memory_total, read.disk_read, read.disk_written) == (GB // 2, GB, 11, 22)


def test_without_a_limit_it_is_the_host(tmp_path: Path) -> None:
    machine = Machine(tmp_path, tmp_path)
    read = machine.read()
    assert not machine.is_limited
    assert read.memory_total == psutil.virtual_memory().total
    assert read.cpu_capacity == os.cpu_count()
    assert (read.periods, read.stalled_cpu_s) == (None, None)
    assert read.disk_total is not None


def test_a_folder_that_is_not_made_yet_has_the_room_of_its_parent(tmp_path: Path) -> None:
    here, later = Machine(tmp_path, tmp_path).read(), Machine(tmp_path / "later" / "on", tmp_path).read()
    assert here.disk_total == later.disk_total


def test_this_machine_is_between_idle_and_busy() -> None:
    machine = Machine(Path("/"))
    # The kernel's clock of waiting runs back now and then, and that moment is unknown.
    for _ in range(20):
        before = machine.read()
        time.sleep(0.1)
        told = levels(before, machine.read())
        if told["cpu_ratio"] is not None:
            break
    for name in ("cpu_ratio", "memory_ratio", "disk_ratio"):
        assert told[name] is not None
        assert 0 <= told[name] <= 1


LIMIT = 256 << 20
LIMITED = textwrap.dedent(
    """
    import os, sys
    from pathlib import Path
    own = Path(sys.argv[1])
    (own / "cgroup.procs").write_text(str(os.getpid()))
    from monitoring.realtime.machine import Machine
    held = b"x" * (64 << 20)
    read = Machine(Path("/")).read()
    files = {name: (own / name).read_text() for name in ("memory.usage_in_bytes", "memory.stat")}
    stat = dict(line.split() for line in files["memory.stat"].splitlines())
    used = int(files["memory.usage_in_bytes"]) - int(stat["total_inactive_file"])
    print(read.memory_total, read.memory_used, used)
    """
)


@pytest.fixture
def real_group() -> Iterator[Path]:
    """A group with a limit, where this machine lets us make one."""
    group = Path("/sys/fs/cgroup/memory") / f"opinion-market-test-{os.getpid()}"
    try:
        group.mkdir()
        (group / "memory.limit_in_bytes").write_text(str(LIMIT))
    except OSError:
        pytest.skip("no control groups of version 1 can be made here")
    yield group
    group.rmdir()


def test_in_a_real_container_it_says_what_the_kernel_says(real_group: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(real_group)], capture_output=True, text=True, check=True, cwd=os.getcwd()
    )
    total, used, by_kernel = (int(word) for word in done.stdout.split())
    assert total == LIMIT
    assert 64 << 20 < used < LIMIT
    assert used == pytest.approx(by_kernel, abs=2 << 20)
