"""Test rules on series that their authors made up: ``manage.py test_rules FILE...``.

A file holds ``rules`` (the name of one of the site, or a whole rule) with their tests; see docs/alerting.md.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError

from alerting.engine.documents import rule_of
from alerting.engine.rule_tests import failures
from alerting.errors import IntervalInvalid, RuleInvalid
from alerting.selectors.rules import rule_named
from alerting.types import Rule


class Command(BaseCommand):
    help = "Test rules on made-up series; fails when something doesn't hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path)

    def handle(self, *args: Any, files: list[Path], **options: Any) -> None:
        count, failed = 0, 0
        for file in files:
            for number, test in enumerate(_tests(file), start=1):
                count += 1
                for sentence in _failures(test):
                    failed += 1
                    self.stderr.write(f"{file}, test {number}: {sentence}")
        if failed:
            raise CommandError(f"{failed} expectations of {count} tests don't hold.")
        self.stdout.write(f"All {count} tests hold.")


def _tests(file: Path) -> list[dict[str, Any]]:
    try:
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise CommandError(f"{file} can't be read: {problem}") from problem
    tests = document.get("tests") if isinstance(document, dict) else None
    if not isinstance(tests, list) or not all(isinstance(test, dict) for test in tests):
        raise CommandError(f"{file} holds a list called tests, each with rule, interval, series and checks.")
    return tests


def _failures(test: dict[str, Any]) -> list[str]:
    try:
        return failures(_rule(test.get("rule")), {name: value for name, value in test.items() if name != "rule"})
    except (RuleInvalid, IntervalInvalid) as refusal:
        return [refusal.detail]


def _rule(given: Any) -> Rule:
    """A whole rule, or the name of one of the site."""
    if isinstance(given, str):
        found = rule_named(given)
        if found is None:
            raise RuleInvalid(f"The site has no rule called {given!r}.", field="rule")
        return found
    if not isinstance(given, dict):
        raise RuleInvalid("A test names its rule, or has a whole one.", field="rule")
    return rule_of(given)
