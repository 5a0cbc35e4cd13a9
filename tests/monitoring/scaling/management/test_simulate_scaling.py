from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


def test_each_way_is_told_and_drawn(tmp_path: Path) -> None:
    load = tmp_path / "load.csv"
    load.write_text("time,value\n" + "".join(f"{step * 60},{10 + step % 30}\n" for step in range(120)))
    said = StringIO()
    call_command("simulate_scaling", str(load), plot=tmp_path / "load.svg", stdout=said)
    lines = said.getvalue().splitlines()
    assert lines[0] == "load: 2.0 h in steps of 15 s"
    assert [line[:14].strip() for line in lines[3:9]] == [
        "HPA default", "HPA tuned", "thresholds", "reactive", "predictive", "both",
    ]  # fmt: skip
    assert (tmp_path / "load.svg").read_text().startswith("<svg ")


@pytest.mark.parametrize(
    ("trace", "options", "message"),
    [
        ("nothing.csv", {}, "No such file"),
        ("flat", {"startup": -1.0}, "--startup is 0 or more"),
        ("flat", {"column": 1}, "--column 2 or more"),
    ],
)
def test_mistakes_are_told(trace: str, options: dict[str, float], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("simulate_scaling", trace, **options)
