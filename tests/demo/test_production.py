"""Nothing of the demo is in a production installation."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from accounts.services.provide_account import provide_account
from demo.apps import PRODUCTION, check_not_in_production
from opinion_market.checks import check_no_demo_people

_PRODUCTION_ENV = {
    "DJANGO_SETTINGS_MODULE": PRODUCTION,
    "SECRET_KEY": "production-key-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
    "ALLOWED_HOSTS": "market.example.org",
    "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1",
}
_ASK = """
import json, sys
import django
django.setup()
from django.apps import apps
from django.core.management import get_commands
demo = sorted(name for name, app in get_commands().items() if app == "demo")
modules = sorted(name for name in sys.modules if name.split(".")[0] == "demo")
print(json.dumps([apps.is_installed("demo"), demo, modules]))
"""


def test_production_settings_leave_the_demo_out(project_dir: Path) -> None:
    env = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")} | _PRODUCTION_ENV
    answer = subprocess.run(
        [sys.executable, "-c", _ASK], cwd=project_dir, env=env, capture_output=True, text=True, check=False
    )

    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout) == [False, [], []]


@pytest.mark.django_db
def test_production_refuses_a_database_that_holds_a_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    production = type("Settings", (), {"SETTINGS_MODULE": PRODUCTION})
    monkeypatch.setattr("opinion_market.checks.settings", production)
    assert check_no_demo_people(databases=["default"]) == []

    provide_account(handle="sim-ada", is_simulated=True)

    assert [message.id for message in check_no_demo_people(databases=["default"])] == ["opinion_market.E001"]
    assert check_no_demo_people(databases=None) == []
    production.SETTINGS_MODULE = "opinion_market.settings.dev"
    assert check_no_demo_people(databases=["default"]) == []


def test_the_check_refuses_production_with_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_not_in_production() == []

    monkeypatch.setattr("demo.apps.settings", type("Settings", (), {"SETTINGS_MODULE": PRODUCTION}))
    assert [message.id for message in check_not_in_production()] == ["demo.E001"]
