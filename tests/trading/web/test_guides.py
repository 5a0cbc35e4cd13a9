import re
from pathlib import Path

import pytest
from django.test import Client

from common.api_guides import GUIDES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", GUIDES)
def test_each_guide_is_shown_and_leads_somewhere(client: Client, name: str) -> None:
    html = client.get(f"/docs/guides/{name}").content.decode()
    assert "<h1 id=" in html
    assert 'aria-current="page"' in html
    text = html.partition('<article class="guide">')[2].partition("</article>")[0]
    for address in set(re.findall(r'href="(/[^"#]*)', text)):
        assert client.get(address).status_code in (200, 302), address


def test_the_guides_that_integrators_need_are_there() -> None:
    assert {"bot", "authentication", "pagination", "idempotency", "rate-limits", "streams", "clients"} <= set(GUIDES)


def test_an_unknown_guide_is_not_found(client: Client) -> None:
    assert client.get("/docs/guides/secrets").status_code == 404
    assert client.get("/docs/guides/configuration").status_code == 404


def test_the_bot_of_the_guide_is_the_one_that_is_run_and_has_twenty_lines(project_dir: Path) -> None:
    code = (project_dir / "examples" / "bot.py").read_text("utf-8").partition('"""\n\n')[2]
    assert f"```python\n{code}```" in GUIDES["bot"].path.read_text("utf-8")
    assert len([line for line in code.splitlines() if line.strip()]) <= 20
