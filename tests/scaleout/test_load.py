"""What counts as a failed request of a site that is restarted, and what doesn't."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.scaleout import load
from scripts.scaleout.load import NEVER, Busy, check_answers
from scripts.scaleout.outcome import Outcome
from scripts.storm.checker.findings import Findings


def answer(at: float, status: int) -> dict[str, Any]:
    return {"note": "answer", "at": at, "id": "client0-1", "status": status, "body": "{}", "is_replay": False}


def unknown(at: float, why: str) -> dict[str, Any]:
    return {"note": "unknown", "at": at, "id": "client0-1", "why": why}


@pytest.fixture(autouse=True)
def good_checker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "read_evidence", lambda directory: directory)
    monkeypatch.setattr(load, "check", lambda evidence: Findings(counts={"orders_acknowledged": 500}))


def mistakes(notes: list[dict[str, Any]], directory: Path, busy: Busy = NEVER) -> list[str]:
    (directory / "notes-client0.jsonl").write_text("".join(json.dumps(note) + "\n" for note in notes))
    outcome = Outcome()
    check_answers(directory, outcome, busy=busy)
    return outcome.mistakes


def test_refusals_by_rule_are_no_failures(tmp_path: Path) -> None:
    assert mistakes([answer(1.0, status) for status in (200, 201, 400, 404, 409, 422)], tmp_path) == []


@pytest.mark.parametrize("status", [401, 403, 429, 500, 502, 503, 504])
def test_failures(status: int, tmp_path: Path) -> None:
    assert mistakes([answer(1.0, 201), answer(1.0, status)], tmp_path) == [f"requests failed: {{{status}: 1}}"]


def test_a_request_without_an_answer(tmp_path: Path) -> None:
    assert mistakes([answer(1.0, 201), unknown(2.0, "EOFError()")], tmp_path) == [
        "requests had no answer: {'EOFError()': 1}"
    ]


def test_who_waits_for_a_migration_may_be_told_to_come_again(tmp_path: Path) -> None:
    notes = [answer(5.0, 503), unknown(5.0, "status 503"), answer(6.0, 201)]
    assert mistakes(notes, tmp_path, Busy(4.0, 6.0)) == []
    # Before it, after it, and in any other way it is a failure.
    assert mistakes(notes, tmp_path, Busy(5.5, 6.0)) != []
    assert mistakes(notes, tmp_path, Busy(4.0, 5.0)) != []
    assert mistakes([answer(5.0, 500)], tmp_path, Busy(4.0, 6.0)) == ["requests failed: {500: 1}"]
    assert mistakes([unknown(5.0, "EOFError()")], tmp_path, Busy(4.0, 6.0)) != []


def test_too_few_orders_prove_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "check", lambda evidence: Findings(counts={"orders_acknowledged": 199}))
    assert mistakes([answer(1.0, 201)], tmp_path) == ["199 orders are too few to say anything"]


def test_what_the_checker_finds_is_a_mistake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = Findings(counts={"orders_acknowledged": 500})
    findings.expect(False, "ledger", "three credits are missing")
    monkeypatch.setattr(load, "check", lambda evidence: findings)
    (mistake,) = mistakes([answer(1.0, 201)], tmp_path)
    assert "three credits are missing" in mistake
