"""A real site (ASGI server, PostgreSQL, Redis) and a real browser for the journeys."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg import sql

from opinion_market.local import layout
from opinion_market.local.supervisor import web_command
from tests.e2e.devices import PROFILES, SIZES, Device
from tests.e2e.seed import PASSWORD

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_NAMES = ("chromium", "chromium-browser", "google-chrome")
WAIT_MS = 15_000
NewContext = Callable[..., BrowserContext]
NewDevice = Callable[[], Device]


@dataclass(frozen=True)
class Site:
    """``environment`` is that of its processes."""

    url: str
    environment: dict[str, str]


@pytest.fixture(scope="session")
def site(project_dir: Path, django_db_setup: None) -> Iterator[Site]:
    with site_with("from tests.e2e.seed import seed, seed_sizes; seed(); seed_sizes()", project_dir) as made:
        yield made


@contextmanager
def site_with(seeding: str, project_dir: Path) -> Iterator[Site]:
    """A site with a database of its own, so that no other test's clean-up empties it under the running server."""
    name = f"opinion_market_journeys_{os.getpid()}"
    admin_url = os.environ["DATABASE_URL"].replace("/opinion_market?", "/postgres?")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "opinion_market.settings.test",
        "DATABASE_URL": os.environ["DATABASE_URL"].replace("/opinion_market?", f"/{name}?"),
    }
    with psycopg.connect(admin_url, autocommit=True) as admin:
        # The tables of all tests, which ``django_db_setup`` has seen to.
        template = sql.Identifier(f"{layout.DATABASE}_test_{os.environ['OM_TEST_RUN']}")
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), template))
        try:
            with tempfile.TemporaryDirectory() as folder:
                environment["DATA_DIR"] = folder
                manage(project_dir, environment, "shell", "-c", seeding)
                with _Server(project_dir, environment) as url:
                    yield Site(url, environment)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def manage(project_dir: Path, environment: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=project_dir, env=environment, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


class _Server:
    def __init__(self, project_dir: Path, environment: dict[str, str]) -> None:
        self._port = _free_port()
        command = web_command(python=sys.executable, server="granian", host="127.0.0.1", port=self._port, processes=1)
        self._process = subprocess.Popen(command, cwd=project_dir, env=environment | {"PORT": str(self._port)})

    def __enter__(self) -> str:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self._port)) == 0:
                    return f"http://127.0.0.1:{self._port}"
            time.sleep(0.1)
        pytest.fail("the server did not start")

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(site: Site, browser: Browser) -> Iterator[NewContext]:
    """Makes a browser profile of its own; the test fails if a page in it logged an error."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: Any) -> BrowserContext:
        chosen: dict[str, Any] = {"base_url": site.url, "viewport": SIZES["desk"]} | options
        context = browser.new_context(**chosen)
        context.set_default_timeout(WAIT_MS)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda message: _note(complaints, message))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def _note(complaints: list[str], message: Any) -> None:
    # The browser reports every 4xx answer; refusals are part of the journeys.
    if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
        complaints.append(message.text)


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """A visitor at a desk."""
    return new_context().new_page()


@pytest.fixture(params=list(SIZES))
def new_device(request: pytest.FixtureRequest, new_context: NewContext) -> NewDevice:
    """Readers that know nothing of each other, all of one size; the journey runs once for each size."""
    size = request.param
    return lambda: Device(new_context(**PROFILES[size]).new_page(), size)


@pytest.fixture
def device(new_device: NewDevice) -> Device:
    return new_device()


def sign_in(page: Page, handle: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Handle or e-mail").fill(handle)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("/")
