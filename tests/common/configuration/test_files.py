"""The YAML files: what comes with the product, and what stops a start."""

import subprocess
import sys
from pathlib import Path

import pytest

from common.configuration.alerting import AlertingConfig, Channel, read_alerting
from common.configuration.current import alerting_config, performance_config
from common.configuration.performance import PerformanceConfig, Threshold, read_performance
from common.configuration.reading import ConfigError

GOOD = """
strategy: aggressive
thresholds:
  cpu_usage: {warn: 60, critical: 80.5}
  memory_usage: {warn: 75, critical: 90}
  response_time: {warn: 100, critical: 200}
"""


def _written(folder: Path, name: str, text: str) -> Path:
    file = folder / "config" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def test_what_comes_with_the_product() -> None:
    assert performance_config() == PerformanceConfig(
        "balanced",
        {
            "cpu_usage": Threshold(70, 85),
            "memory_usage": Threshold(75, 90),
            "response_time": Threshold(100, 200),
        },
    )
    assert alerting_config() == AlertingConfig(30, 1_800, ())


def test_values_are_read(tmp_path: Path) -> None:
    found = read_performance(_written(tmp_path, "performance.yaml", GOOD))
    assert (found.strategy, found.thresholds["cpu_usage"]) == ("aggressive", Threshold(60, 80.5))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("aggressive", "wild", "strategy is 'wild'; it must be one of aggressive, balanced, conservative."),
        ("warn: 60", "warn: lots", "thresholds.cpu_usage.warn is 'lots'; it must be a number from 0 to 100."),
        ("warn: 60", "warn: true", "thresholds.cpu_usage.warn is True; it must be a number from 0 to 100."),
        ("warn: 60", "warn: 101", "thresholds.cpu_usage.warn is 101; it must be a number from 0 to 100."),
        ("warn: 60, ", "", "thresholds.cpu_usage.warn is missing; it must be a number from 0 to 100."),
        ("critical: 80.5", "critical: 60", "thresholds.cpu_usage.critical is 60; it must be above warn, which is 60."),
        (
            "cpu_usage: {",
            "cpu_usage: {worn: 1, ",
            "thresholds.cpu_usage.worn is 1; it must be left out: the keys here are critical, warn.",
        ),
        (
            "thresholds:",
            "colour: red\nthresholds:",
            "colour is 'red'; it must be left out: the keys here are strategy, thresholds.",
        ),
        (GOOD, "- a", "is ['a']; it must be a group of keys."),
        (GOOD, "strategy: !!python/name:os.system", "isn't YAML (could not determine a constructor"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_performance(_written(tmp_path, "performance.yaml", GOOD.replace(old, new)))
    assert str(error.value).startswith(f"config/performance.yaml: {said}")


def test_a_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="can't be read \\(No such file or directory\\); it must be at /"):
        read_performance(tmp_path / "config" / "performance.yaml")


def test_channels(tmp_path: Path) -> None:
    text = """
interval: 10
escalation: 60
channels:
  - {name: operators, kind: email, recipients: [ops@example.org]}
  - {name: pager, kind: webhook, url: "https://pager.example.org", timeout: 2.5, retry_attempts: 0}
"""
    assert read_alerting(_written(tmp_path, "alerting.yaml", text)) == AlertingConfig(
        10,
        60,
        (
            Channel("operators", "email", recipients=("ops@example.org",)),
            Channel("pager", "webhook", url="https://pager.example.org", timeout_s=2.5, retry_attempts=0),
        ),
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("interval: 0", "interval is 0; it must be a whole number from 1 to 3600."),
        ("escalation: 5", "escalation is 5; it must be 30 or more, the interval."),
        ("channels: all", "channels is 'all'; it must be a list of groups of keys, or []."),
        ("channels: [{name: a, kind: pigeon}]", "channels[0].kind is 'pigeon'; it must be one of email, webhook,"),
        ("channels: [{name: a, kind: slack, url: x}]", "channels[0].url is 'x'; it must be a URL that starts with"),
        ("channels: [{name: a, kind: email}]", "channels[0].recipients is missing; it must be a list with one text"),
        (
            "channels: [{name: a, kind: sms, recipients: ['1']}, {name: a, kind: sms, recipients: ['1']}]",
            "channels[1].name is 'a'; it must be a name that no other channel has.",
        ),
    ],
)
def test_mistakes_of_alerting(tmp_path: Path, line: str, said: str) -> None:
    key = line.partition(":")[0]
    lines = {"interval": "interval: 30", "escalation": "escalation: 1800", "channels": "channels: []", key: line}
    with pytest.raises(ConfigError) as error:
        read_alerting(_written(tmp_path, "alerting.yaml", "\n".join(lines.values())))
    assert str(error.value).startswith(f"config/alerting.yaml: {said}")


def test_a_mistake_stops_the_start_with_one_line(tmp_path: Path, project_dir: Path) -> None:
    for name in ("performance.yaml", "alerting.yaml"):
        _written(tmp_path, name, (project_dir / "config" / name).read_text())
    _written(tmp_path, "performance.yaml", GOOD.replace("warn: 60", "warn: 600"))
    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "check"],
        cwd=project_dir,
        env={"PATH": "/usr/bin:/bin", "CONFIG_DIR": str(tmp_path / "config")},
        capture_output=True,
        text=True,
        check=False,
    )
    said = "config/performance.yaml: thresholds.cpu_usage.warn is 600; it must be a number from 0 to 100.\n"
    assert (answer.returncode, answer.stderr) == (2, said)
