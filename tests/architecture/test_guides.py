"""Commands of the guides: each is run by a door of CI, or its guide says in words why not, and how to check it."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands, load_command_class

from benchmarks.__main__ import SECTIONS
from opinion_market.settings.secrets import SECRET_KEYS
from scripts.guides import Command, Stage, block, commands, guides
from tests.architecture.sources import ROOT

GUIDES = guides()
#: What a reader runs, by its first word.
PROGRAMS = (
    "amtool", "ansible-playbook", "apt", "cd", "cp", "curl", "docker", "git", "helm", "kubectl", "make", "manage.py",
    "node", "npm", "pip", "promtool", "psql", "python", "redis-cli", "systemctl", "terraform",
)  # fmt: skip
#: Doors that no stage of CI opens: what they do is checked otherwise, as it says here.
OTHER_DOORS = {
    "bench": "scripts of benchmarks",
    "clean": "deletes what others use",
    "fix": "make check fails on what it would change",
    "graph": "make docs fails on what it would change",
    "lighthouse": "its score for speed needs an idle machine; make quality holds the rest",
    "load": "tests/deploy/test_load.py",
    "lock": "asks a package index; make deployable compares the locks",
    "up": "scripts/guides.py starts the product with it",
}
TESTS = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "tests").rglob("*.py")))


def stages() -> set[str]:
    """Of the workflow and of .ci/run; a stage of the latter may be a function of it that ends with ``make``."""
    run, workflow = ((ROOT / name).read_text("utf-8") for name in (".ci/run", ".github/workflows/ci.yml"))
    found = set(re.findall(r"^stage .* (?:make|steady) (\w+)", run, re.MULTILINE)) | set(
        re.findall(r"^    make (\w+)$", run, re.MULTILINE)
    )
    return found | set(yaml.safe_load(workflow)["jobs"]["door"]["strategy"]["matrix"]["door"])


def spans(path: Path) -> Iterator[str]:
    """Code within lines of text; not what stands in blocks."""
    text = re.sub(r"^ *```.*?^ *```", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", text)


def words(code: str) -> list[str]:
    """A command's, without settings and the interpreter before it; none of what is no command."""
    try:
        found = shlex.split(code)
    except ValueError:
        return []
    while found and re.fullmatch(r"[A-Z_]+=.*", found[0]):
        found = found[1:]
    if found and found[0].removeprefix(".venv/bin/") == "python" and found[1:2] == ["manage.py"]:
        found = found[1:]
    return found if len(found) > 1 and found[0].removeprefix(".venv/bin/") in PROGRAMS else []


def inline(program: str) -> list[tuple[str, list[str]]]:
    return sorted(
        (path.name, found)
        for path in GUIDES
        for code in set(spans(path))
        if (found := words(code)) and found[0].removeprefix(".venv/bin/") == program
    )


def test_every_guide_is_looked_through_and_says_what_language_its_blocks_are_in() -> None:
    outside = {ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")}
    assert set(GUIDES) == outside | set((ROOT / "docs").glob("*.md"))
    fences = [line.strip() for path in GUIDES for line in path.read_text("utf-8").splitlines() if "```" in line]
    # A block without one would pass for no command; they open and close in turn.
    opening = set(fences[::2])
    assert opening <= {f"```{name}" for name in ("sh", "bash", "text", "json", "yaml", "python", "http")}
    assert set(fences[1::2]) == {"```"}


def test_nothing_is_left_out_in_secret() -> None:
    assert [path.name for path in GUIDES if "<!-- not run" in path.read_text("utf-8")] == []


def test_blocks_are_found_with_what_their_guide_says_of_them() -> None:
    assert block("docs/install.md", "make setup") == "make setup"
    (health,) = [found for found in commands(ROOT / "docs/install.md") if found.text.startswith("curl")]
    assert health.is_run
    notes = [found.note.partition(":")[0] for found in commands(ROOT / "docs/deployment.md")]
    assert notes == ["Not run here, for want of a container engine", "Not run here, for want of a cluster"]


def test_blocks_of_doors_alone_are_stages_of_ci() -> None:
    named = {door for path in GUIDES for found in commands(path) for door in found.doors}
    assert named <= stages() | set(OTHER_DOORS)
    assert stages() & set(OTHER_DOORS) == set()


@pytest.mark.parametrize(
    "found", [one for path in GUIDES for one in commands(path) if one.note], ids=lambda one: one.place
)
def test_what_another_door_runs_and_what_nobody_can_is_said_truly(found: Command) -> None:
    doors = set(re.findall(r"`make (\w+)`", found.note))
    assert doors
    assert doors <= stages()
    files = [ROOT / name for name in re.findall(r"`([\w./-]+/[\w./-]+)`", found.note) if not name.startswith("http")]
    assert all(path.exists() for path in files)
    if found.note.startswith("Run by"):
        # It takes its lines from the guide, or a test below compares them.
        page = found.place.partition(":")[0]
        assert any(page in path.read_text("utf-8") for path in files)
    else:
        assert re.search(r"[Cc]heck", found.note), "says how to check it where it can run"


def test_the_makefile_has_every_door_that_a_guide_names_and_ci_opens_it() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = {found[1] for _, found in inline("make")}
    assert {door for door in named if not re.search(rf"^{door}:", makefile, re.MULTILINE)} == set()
    assert named <= stages() | set(OTHER_DOORS)


@pytest.mark.parametrize(
    ("page", "found"), inline("manage.py"), ids=lambda value: " ".join(value) if isinstance(value, list) else value
)
def test_a_command_within_a_line_is_one_that_manage_py_takes_and_a_test_runs(page: str, found: list[str]) -> None:
    name, *arguments = (word.strip("[]") for word in found[1:])
    assert name in get_commands()
    # A name without its arguments speaks of the command; with them they must be what it takes.
    if arguments:
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        given = [{"MARKET": "1", "N": "1"}.get(word, word) for word in arguments]
        parser.parse_args(given)
    assert f'"{name}"' in TESTS or any(f"manage.py {name}" in one.text for path in GUIDES for one in commands(path))


def test_modules_within_a_line_are_there() -> None:
    named = [found[2:] for _, found in inline("python") if found[1] == "-m"]
    assert {found[1] for found in named if found[0] == "benchmarks"} <= set(SECTIONS) | {"SECTION"}
    for module in {found[0] for found in named}:
        path = ROOT.joinpath(*module.split("."))
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


ELSEWHERE = ("ansible-playbook", "curl", "docker", "helm", "kubectl", "redis-cli", "systemctl", "terraform")


@pytest.mark.parametrize("page", sorted({page for program in ELSEWHERE for page, _ in inline(program)}))
def test_a_guide_with_commands_for_other_machines_says_what_was_not_run(page: str) -> None:
    assert re.search(r"(Not|not|isn't) run here", (ROOT / "docs" / page).read_text("utf-8"))


def test_troubleshooting_gives_each_symptom_a_cause_a_place_to_look_and_a_cure() -> None:
    lines = (ROOT / "docs/troubleshooting.md").read_text("utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| ")]
    symptoms = [row for row in rows if row[0] != "what you see"]
    assert len(symptoms) > 35
    assert [row for row in rows if len(row) != 4 or not all(row)] == []
    assert [row[0] for row in symptoms if not re.search(r"`[^`]+`|^the address bar", row[2])] == []


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
    assert (
        stage.as_run("tail .data/run/*.log\ndf -h .data") == f"tail {tmp_path}/data/run/*.log\ndf -h {tmp_path}/data/"
    )
    assert stage.as_run("list > docs/releases/new.txt") == f"list > {tmp_path}/srv/new.txt"


def test_a_command_that_fails_is_told(tmp_path: Path) -> None:
    assert Stage(tmp_path).run("false\ntrue").returncode == 1


def test_the_secrets_that_the_guide_makes_are_those_that_the_chart_asks_for() -> None:
    made = {
        name: set(re.findall(r"--from-literal=(\w+)=", line))
        for line in block("docs/deployment.md", "kubectl create").splitlines()
        for name in re.findall(r"secret (?:generic|tls) (\S+)", line)
    }
    manifests = (ROOT / "deploy/kubernetes/opinion-market.yaml").read_text("utf-8")
    assert set(made) == set(re.findall(r"secretName: ([\w-]+)", manifests))
    # A folder of files called like settings, and single files named by them.
    assert made["opinion-market"] == {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"} <= set(SECRET_KEYS)
    files = set(re.findall(r"name: (\w+)_FILE, value: /run/secrets/migration/(\w+)\}", manifests))
    assert files == {(name, name) for name in made["opinion-market-migration"]}


def test_what_ci_starts_of_containers_is_what_the_guide_starts() -> None:
    lines = block("docs/deployment.md", "cp deploy/compose").splitlines()
    assert lines[0].startswith("cp deploy/compose/env.example .env")
    workflow = (ROOT / ".github/workflows/image.yml").read_text("utf-8")
    assert "deploy/compose/env.example > .env" in workflow
    assert lines[1] == "docker compose up --build --wait"
    assert "docker compose up --no-build --wait" in workflow
    assert "docker build --tag opinion-market:ci ." in workflow


def test_tracing_is_switched_on_as_the_guide_says() -> None:
    install, start = block("docs/observability.md", "pip install -r requirements-otel").splitlines()
    assert install.removeprefix("pip install ") in (ROOT / "scripts/prometheus.sh").read_text("utf-8")
    setting, *door = start.split()
    assert f'"{setting.partition("=")[0]}": collector' in (ROOT / "tests/deploy/conftest.py").read_text("utf-8")
    assert door == ["make", "up"]
