from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.__main__ import SECTIONS
from benchmarks.report import PAGE, Row, check_statuses, table, write_page


def test_a_ratio_is_held_against_its_bound() -> None:
    assert Row("orders", "9/s", 4.0, 4.0).is_met
    assert not Row("orders", "9/s", 3.99, 4.0).is_met
    assert Row("latency", "1 ms", 1.3, 1.3, is_ceiling=True).is_met
    assert not Row("latency", "1 ms", 1.31, 1.3, is_ceiling=True).is_met
    assert Row("pgbench", "9/s").is_met


def test_the_table() -> None:
    assert table([Row("pgbench", "9/s"), Row("orders", "3/s", 0.333, 0.3)]).splitlines() == [
        "| measured | figure | value | target       | met |",
        "|----------|--------|-------|--------------|-----|",
        "| pgbench  | 9/s    |       |              |     |",
        "| orders   | 3/s    | 0.33  | at least 0.3 | yes |",
    ]


def test_only_the_results_of_the_section_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("before\n<!-- results: store -->\nold\n<!-- /results: store -->\nafter\n")
    monkeypatch.setattr(report, "PAGE", page)
    write_page("store", "new")
    assert page.read_text() == "before\n<!-- results: store -->\nnew\n<!-- /results: store -->\nafter\n"


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_has_its_place_on_the_page(section: str) -> None:
    assert f"<!-- results: {section} -->" in PAGE.read_text()


def test_refusals_are_no_throughput() -> None:
    check_statuses({"statuses": {"201": 96, "422": 4}})
    with pytest.raises(AssertionError):
        check_statuses({"statuses": {"201": 95, "429": 5}})
