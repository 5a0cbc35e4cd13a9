"""Commands of the guides: found, left out with a reason only, and made to fit the product that they run against."""

from pathlib import Path

from scripts.guides import Stage, commands, guides
from tests.architecture.sources import ROOT


def test_blocks_are_found_with_their_reasons() -> None:
    page = ROOT / "docs/install.md"
    found = {command.text: command.reason for command in commands(page)}
    assert found["make setup"].startswith("makes the environment")
    assert found["curl -fsS http://127.0.0.1:8000/api/v1/health"] == ""


def test_every_guide_is_looked_through_and_says_why_it_leaves_something_out() -> None:
    assert set(guides()) == {ROOT / "README.md", *(ROOT / "docs").glob("*.md")}
    left_out = [command for path in guides() for command in commands(path) if command.reason]
    assert [command for command in left_out if len(command.reason) < 20] == []


def test_examples_become_what_a_reader_would_put_in_their_place(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.environment["OM_KEY"] = "omk_mine"
    stage.moment = "2026-11-23T00:00:00+00:00"
    assert stage.as_run("curl http://127.0.0.1:8000/x -H 'Authorization: Bearer omk_...'") == (
        f"curl {stage.url}/x -H 'Authorization: Bearer omk_mine'"
    )
    assert stage.as_run("restore /backups/a --to /srv/b --until 2020-01-01T10:00:00+00:00") == (
        f"restore {tmp_path}/backups/a --to {tmp_path}/srv/b --until 2026-11-23T00:00:00+00:00"
    )


def test_a_command_that_fails_is_told(tmp_path: Path) -> None:
    assert Stage(tmp_path).run("false\ntrue").returncode == 1
