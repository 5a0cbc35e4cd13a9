"""Nothing leaves the house but through the guarded door."""

import re
from typing import Final

from tests.architecture.sources import ROOT

APPS: Final = ("accounts", "alerting", "analytics", "common", "markets", "monitoring", "trading")
_CLIENT: Final = re.compile(
    r"^\s*(?:import|from) (httpx|httpcore|requests|aiohttp|urllib3|urllib\.request|http\.client)\b", re.MULTILINE
)
#: The official client asks the cluster of its own service account or kubeconfig; nobody writes its address down here.
_CLUSTER: Final = {"monitoring/scaling/services/_kubernetes.py"}


def test_only_the_door_holds_an_http_client() -> None:
    found = {
        str(file.relative_to(ROOT))
        for app in APPS
        for file in (ROOT / app).rglob("*.py")
        if _CLIENT.search(file.read_text("utf-8"))
    }
    assert found == {"common/outgoing/client.py", "common/outgoing/connecting.py", *_CLUSTER}
