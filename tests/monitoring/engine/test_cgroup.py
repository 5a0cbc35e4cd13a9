"""Texts as kernels write them: systemd's user slice, Docker on versions 2 and 1, Kubernetes."""

import pytest

from monitoring.engine import cgroup

V2_MOUNT = "30 23 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:4 - cgroup2 cgroup2 rw,nsdelegate"
V1_MOUNTS = """\
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
"""
V1_OWN = """\
4:memory:/docker/ab12
2:cpu,cpuacct:/docker/ab12
0::/
"""
CPU_STAT_V2 = """\
usage_usec 8731406
user_usec 6012345
system_usec 2719061
nr_periods 1200
nr_throttled 37
throttled_usec 1834000
"""
MEMORY_STAT_V2 = "anon 52428800\nfile 41943040\nkernel 3145728\ninactive_anon 0\ninactive_file 31457280\n"
MEMORY_STAT_V1 = (
    "cache 9875456\nrss 11341824\ninactive_file 36864\ntotal_cache 843997184\ntotal_inactive_file 313741312\n"
)
PRESSURE = """\
some avg10=0.45 avg60=0.67 avg300=1.46 total=3742254859
full avg10=0.00 avg60=0.00 avg300=0.00 total=12
"""


def test_a_process_on_a_host_may_be_limited_at_each_level_above_it() -> None:
    own = "0::/user.slice/user-1000.slice/session-2.scope\n"
    assert cgroup.directories(V2_MOUNT, own, "memory") == [
        ("/sys/fs/cgroup/user.slice/user-1000.slice/session-2.scope", True),
        ("/sys/fs/cgroup/user.slice/user-1000.slice", True),
        ("/sys/fs/cgroup/user.slice", True),
        ("/sys/fs/cgroup", True),
    ]


def test_a_container_with_a_namespace_sees_itself_as_the_root() -> None:
    assert cgroup.directories(V2_MOUNT, "0::/\n", "cpu") == [("/sys/fs/cgroup", True)]


def test_version_1_has_a_hierarchy_for_each_controller_and_version_2_goes_first() -> None:
    assert cgroup.directories(V1_MOUNTS, V1_OWN, "memory") == [
        ("/sys/fs/cgroup/unified", True),
        ("/sys/fs/cgroup/memory/docker/ab12", False),
        ("/sys/fs/cgroup/memory/docker", False),
        ("/sys/fs/cgroup/memory", False),
    ]
    assert cgroup.directories(V1_MOUNTS, V1_OWN, "cpuacct")[1] == ("/sys/fs/cgroup/cpu,cpuacct/docker/ab12", False)
    assert [path for path, is_v2 in cgroup.directories(V1_MOUNTS, V1_OWN, "blkio") if not is_v2] == []


def test_a_container_of_version_1_sees_only_its_own_part_of_the_mount() -> None:
    mount = "35 31 0:32 /docker/ab12 /sys/fs/cgroup/memory ro,relatime - cgroup cgroup rw,memory"
    assert cgroup.directories(mount, V1_OWN, "memory") == [("/sys/fs/cgroup/memory", False)]


@pytest.mark.parametrize(
    ("text", "limit"),
    [("max\n", None), ("536870912\n", 536_870_912), ("9223372036854771712\n", None), (None, None)],
)
def test_memory_limits(text: str | None, limit: int | None) -> None:
    assert cgroup.limit_bytes(text) == limit


@pytest.mark.parametrize(
    ("text", "cores"), [("max 100000\n", None), ("150000 100000\n", 1.5), ("20000 50000\n", 0.4), (None, None)]
)
def test_cpu_limits_of_version_2(text: str | None, cores: float | None) -> None:
    assert cgroup.cpu_limit_v2(text) == cores


@pytest.mark.parametrize(
    ("quota", "period", "cores"),
    [("-1\n", "100000\n", None), ("200000\n", "100000\n", 2.0), (None, None, None)],
)
def test_cpu_limits_of_version_1(quota: str | None, period: str | None, cores: float | None) -> None:
    assert cgroup.cpu_limit_v1(quota, period) == cores


def test_cpu_time_and_throttling() -> None:
    assert cgroup.cpu_seconds_v2(CPU_STAT_V2) == pytest.approx(8.731406)
    assert cgroup.throttling(CPU_STAT_V2) == (1200, 37)
    assert cgroup.cpu_seconds_v1("11991029879357\n") == pytest.approx(11_991.029879)
    assert cgroup.throttling("nr_periods 0\nnr_throttled 0\nthrottled_time 0\n") == (0, 0)
    assert cgroup.throttling("usage_usec 5\n") is None
    assert cgroup.cpu_seconds_v2(None) is None
    assert cgroup.cpu_seconds_v1(None) is None


def test_memory_in_use_leaves_out_what_the_kernel_takes_back() -> None:
    assert cgroup.memory_used("104857600\n", MEMORY_STAT_V2) == 104_857_600 - 31_457_280
    assert cgroup.memory_used("902344704\n", MEMORY_STAT_V1) == 902_344_704 - 313_741_312
    assert cgroup.memory_used("902344704\n", None) == 902_344_704
    assert cgroup.memory_used(None, MEMORY_STAT_V2) is None


def test_pressure_is_how_long_something_waited() -> None:
    assert cgroup.stalled_seconds(PRESSURE) == pytest.approx(3742.254859)
    assert cgroup.stalled_seconds("full avg10=0.00 avg60=0.00 avg300=0.00 total=12\n") is None
    assert cgroup.stalled_seconds(None) is None


def test_bytes_of_all_devices() -> None:
    stat = "259:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n8:0 rbytes=100 wbytes=0 rios=1 wios=0\n"
    assert cgroup.io_bytes_v2(stat) == (4196, 8192)
    assert cgroup.io_bytes_v2("") == (0, 0)
    assert cgroup.io_bytes_v2(None) is None
    assert cgroup.io_bytes_v1("8:0 Read 4096\n8:0 Write 512\n8:0 Sync 1\n8:0 Total 4608\nTotal 4608\n") == (4096, 512)
    assert cgroup.io_bytes_v1(None) is None
