"""What `make security` looks with: rules that are tried, licences that are weighed, a past that is read."""

import re
from pathlib import Path

import pytest
import yaml

from scripts.find_secrets import past_findings
from scripts.licences import ALLOWED, is_allowed
from tests.architecture.sources import ROOT, name

RULES = sorted((ROOT / "scripts/semgrep").glob("*.yml"))


@pytest.mark.parametrize("path", RULES, ids=name)
def test_every_rule_is_tried_on_code_that_breaks_it_and_on_code_that_does_not(path: Path) -> None:
    tried = next(other for other in path.parent.glob(f"{path.stem}.*") if other != path).read_text(encoding="utf-8")
    for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
        assert re.search(rf"ruleid: {rule['id']}\b", tried), rule["id"]
        assert re.search(rf"ok: {rule['id']}\b", tried), rule["id"]


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("GPL-3.0-only AND MIT", False),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("UNKNOWN", False),
        ("", False),
    ],
)
def test_licences_are_weighed(licence: str, expected: bool) -> None:
    assert is_allowed(licence, ALLOWED) is expected


def test_a_key_that_was_taken_out_again_is_still_found() -> None:
    key = "AKIA" + "A" * 16
    log = [
        "commit 0123456789abcdef",
        "+++ b/settings.py",
        f"+KEY = '{key}'",
        f"-KEY = '{key}'",
        "commit ffff",
        "+x = 1",
    ]
    assert past_findings(log) == ["0123456789ab settings.py: AWS key"]
    assert past_findings([log[0], log[1], f"{log[2]}  # not-a-secret"]) == []
