"""Nothing leaves the house but through the guarded door."""

import re
from typing import Final

from tests.architecture.sources import ROOT

APPS: Final = ("accounts", "alerting", "analytics", "common", "markets", "monitoring", "trading")
_CLIENT: Final = re.compile(
    r"^\s*(?:import|from) (httpx|httpcore|requests|aiohttp|urllib3|urllib\.request|http\.client)\b", re.MULTILINE
)


def test_only_the_door_holds_an_http_client() -> None:
    found = {
        str(file.relative_to(ROOT))
        for app in APPS
        for file in (ROOT / app).rglob("*.py")
        if _CLIENT.search(file.read_text("utf-8"))
    }
    assert found == {"common/outgoing/client.py", "common/outgoing/connecting.py"}
