"""What every page costs: its statements with every cache empty, for everybody, with little data and with much.

A page is whatever answers HTML to a plain question, so also a part that scripts fetch. All routes of the table of
addresses are asked, but for the library's ``/admin/`` and the API, which have tests of their own.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from common.request_log import RequestLog
from tests.conftest import forget_process
from tests.contract.filled import MARKETS, fill
from tests.contract.multiplied import multiply

pytestmark = [pytest.mark.contract, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
STATEMENTS_MAX: Final = 11
#: Three of a kind become more than forty.
TIMES: Final = 13
PEOPLE: Final = ("", "bob", "dave", "root")
_FOREIGN: Final = ("admin/", "api/", "^api", "static/", "__")
#: A group of an expression or a converter, and what may stand in its place, by the route's beginning and the name.
_GROUP: Final = re.compile(r"\(\?P<(\w+)>(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|<(?:\w+:)?(\w+)>")
_WORDS: Final = {
    "handle": ("bob", "dave"),
    "code": ("order.expired",),
    "token": ("nothing-that-was-signed",),
    "key": ("set-password",),
    "uidb36": ("1",),
    "action": ("open", "close", "propose", "dispute"),
    "step": ("question", "answers", "rules", "liquidity"),
}
_NAMES: Final = {
    "docs/": ("bot", "streams"),
    "tags/": ("weather",),
    "events/": ("Rain tomorrow",),
    "markets/": ("liquidity", "convert"),
}
_KEYS: Final = {
    "announcement_id": "accounts.Announcement",
    "key_id": "accounts.ApiKey",
    "session_id": "accounts.AccountSession",
    "definition_id": "reports.ReportDefinition",
    "report_id": "reports.Report",
    "version": "market_ai.ModelVersion",
    "endpoint_id": "alerting.WebhookEndpoint",
    "delivery_id": "alerting.Delivery",
    "incident_id": "alerting.Incident",
    "rule_id": "alerting.AlertRule",
    "job_id": "common.Job",
    "case_id": "markets.Case",
    "comment_id": "markets.Comment",
    "plan_id": "markets.MarketPlan",
    "order_id": "trading.Order",
    "pk": "mfa.Authenticator",
}


@dataclass(frozen=True)
class Asked:
    path: str
    handle: str
    status: int
    is_page: bool
    statements: tuple[str, ...]


def routes(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if route.startswith(_FOREIGN):
            continue
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif isinstance(entry, URLPattern):
            yield route


def paths(route: str) -> list[str]:
    """Some addresses of the route; for a name that nobody knows here this fails, so a new page can't be forgotten."""
    plain = route.replace("^", "").replace("/?$", "").replace("$", "").replace("\\.", ".").replace("\\Z", "")
    found = [""]
    place = 0
    for match in _GROUP.finditer(plain):
        before = plain[place : match.start()]
        values = _values(plain, match[1] or match[2])
        found = [f"{one}{before}{value}" for one in found for value in values]
        place = match.end()
    return [f"/{one}{plain[place:]}" for one in found]


def _values(route: str, name: str) -> tuple[object, ...]:
    first = f"{route.split('/')[0]}/"
    if name == "slug" and first not in ("topics/", "series/"):
        return MARKETS if "topics" not in route else ("weather",)
    if name in ("slug", "series"):
        model = apps.get_model("markets.Series" if "series" in route else "markets.Topic")
        return (model._base_manager.order_by("pk").values_list("slug", flat=True)[0],)
    if name == "name":
        return _NAMES[first]
    if name in _WORDS:
        return _WORDS[name]
    return (apps.get_model(_KEYS[name])._base_manager.order_by("pk").values_list("pk", flat=True).first() or 1,)


def forget_everything() -> None:
    forget_process()
    cache.clear()
    ContentType.objects.clear_cache()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What the site itself counts of each request, also what doesn't pass Django's cursors."""
    found: list[tuple[str, ...]] = []
    finish = RequestLog.finish

    def note(self: RequestLog, request: Any, response: Any, context: Any, seconds: float) -> None:
        texts = [str(text) for text, times in (context.statements or {}).items() for _ in range(times)]
        found.append((*texts, *["(past the cursors)"] * (context.db_count - len(texts))))
        finish(self, request, response, context, seconds)

    monkeypatch.setattr(RequestLog, "finish", note)
    return found


def ask(counted: list[tuple[str, ...]], client: Client, handle: str, path: str) -> Asked:
    forget_everything()
    counted.clear()
    answer: Any = client.get(path, headers={"accept": "text/html"})
    if answer.streaming:
        b"".join(answer.streaming_content)
    answer.close()
    is_page = "text/html" in answer.headers.get("Content-Type", "")
    return Asked(path, handle, answer.status_code, is_page, counted[0])


def walk(counted: list[tuple[str, ...]], people: Sequence[str]) -> dict[str, list[Asked]]:
    """Every route with what everybody was answered."""
    found: dict[str, list[Asked]] = defaultdict(list)
    for place, handle in enumerate(people):
        client = Client(raise_request_exception=False, REMOTE_ADDR=f"10.9.{place}.1")
        if handle:
            client.force_login(User.objects.get(username=handle))
        for route in routes():
            found[route] += [ask(counted, client, handle, path) for path in paths(route) if "logout" not in path]
    return found


def faults(found: dict[str, list[Asked]]) -> list[str]:
    """Broken answers, and pages that cost more than they may."""
    told: dict[str, str] = {}
    for route, every in found.items():
        for one in every:
            if one.status >= 500 or one.status == 429:
                told[one.path] = f"{one.path} {one.handle}: status {one.status}"
            elif one.is_page and len(one.statements) > STATEMENTS_MAX:
                texts = "\n".join(f"    {' '.join(text.split())[:150]}" for text in one.statements)
                told.setdefault(route, f"{route} {one.path} {one.handle}: {len(one.statements)} statements\n{texts}")
    return list(told.values())


def test_every_page_has_fewer_than_twelve_statements(counted: list[tuple[str, ...]]) -> None:
    fill()
    little = faults(walk(counted, ("", "dave")))
    assert little == [], "\n".join(little)
    rows = multiply(TIMES)
    assert rows["markets_market"] > 200
    assert rows["trading_order"] > 200
    found = walk(counted, PEOPLE)
    much = faults(found)
    assert much == [], "\n".join(much)
    shown = {route for route, every in found.items() if any(one.is_page and one.status == 200 for one in every)}
    assert len(shown) > 90, sorted(found.keys() - shown)
