"""Every operation and every page, asked by everybody: who comes in and who doesn't, held against a table.

The table is ``authorisation.csv``. A route that isn't in it, or a cell that has changed, fails; write the table anew
with ``RECORD_AUTHORISATION=1`` and read what changed before it is committed. A cell says how far the caller came:
``in``, or the status that kept it out (302: to the page for signing in; 405: a page that can't be asked so).
"""

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from common.api.schema_views import openapi_document
from tests.contract.personas import NAMES, Persona, everybody
from tests.factories.markets import make_draft
from trading.services.open_market import open_market

pytestmark = [pytest.mark.contract, pytest.mark.django_db, pytest.mark.timeout(600)]
TABLE: Final = Path(__file__).with_name("authorisation.csv")
#: Nobody has these: whoever may ask gets as far as "there is none".
VALUES: Final = {"name": "volume", "handle": "trader", "token": "none", "key": "rain"}
#: What a path may hold there, by its first part and the name: with any other value it would be no route at all.
WORDS: Final = {
    ("markets", "action"): "halt",
    ("order-groups", "action"): "reset",
    ("comments", "action"): "hide",
    ("comments", "kind"): "agree",
    ("follows", "kind"): "topic",
}
#: Reads whose question is too long for an address, and exports of what one may read.
ASKED_BY_POST: Final = {
    "POST /api/v1/ai-analytics/predictions/batch",
    "POST /api/v1/auto-scaling/what-if",
    "POST /api/v1/intelligent-alerting/rules/backtest",
    "POST /api/v1/intelligent-alerting/rules/test",
    "POST /api/v1/jobs/{job_id}/cancel",
    "POST /api/v1/ledger/export",
    "POST /api/v1/markets/{key}/journal/export",
}
_METHODS: Final = ("get", "post", "put", "patch", "delete")
#: Signing in and out, second factors and the like are the library's, which has its own tests; the admin's pages follow
#: the permissions of their models.
_LIBRARIES: Final = ("accounts/", "admin/", "static/")


def operations() -> Iterator[tuple[str, str, str]]:
    """Method, template and a path to ask of every operation of the API."""
    for template, item in openapi_document()["paths"].items():
        path = template
        for parameter in (part.split("}")[0] for part in template.split("{")[1:]):
            value = WORDS.get((template.split("/")[3], parameter)) or VALUES.get(parameter, "999999")
            path = path.replace(f"{{{parameter}}}", value)
        yield from ((method, template, path) for method in _METHODS if method in item)


def pages(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """The pages and fragments without parameters, and the forms that are only sent."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern).replace("/?$", "").strip("^$").replace("\\.", ".").replace("\\Z", "")
        if route.startswith((*_LIBRARIES, "api")):
            continue
        if isinstance(entry, URLResolver):
            yield from pages(entry, route)
        elif isinstance(entry, URLPattern) and not set(route) & set("(<["):
            yield "get", f"/{route}", f"/{route}"
            yield "post", f"/{route}", f"/{route}"


def came(answer: Any) -> str:
    status = int(answer.status_code)
    if status == 302 and "/accounts/login/" in answer.headers["Location"]:
        return "302"
    return str(status) if status in (401, 403, 405) else "in"


def is_failure(answer: Any) -> bool:
    """Broken, or counted as too many requests; too many jobs of one owner are a refusal like others."""
    return answer.status_code >= 500 or (answer.status_code == 429 and b"job.too_many" not in answer.content)


@pytest.fixture
def personas() -> dict[str, Persona]:
    draft = make_draft(slug="rain", question="Will it rain?", liquidity_lots=10_000_000)
    open_market(draft.pk)
    return everybody()


def observed(personas: dict[str, Persona]) -> list[list[str]]:
    rows = []
    for method, template, path in sorted({*operations(), *pages()}):
        answers = [personas[name].ask(method, path, "{}" if method != "get" else None) for name in NAMES]
        assert not any(map(is_failure, answers)), (method, path)
        rows.append([f"{method.upper()} {template}", *map(came, answers)])
    return rows


def test_everybody_comes_as_far_as_the_table_says(personas: dict[str, Persona]) -> None:
    found = observed(personas)
    if os.environ.get("RECORD_AUTHORISATION"):
        with TABLE.open("w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([["route", *NAMES], *found])
    with TABLE.open(newline="") as file:
        head, *declared = list(csv.reader(file))
    assert head == ["route", *NAMES]
    assert found == declared


def test_what_the_table_says_of_those_who_may_nothing() -> None:
    with TABLE.open(newline="") as file:
        rows = {row["route"]: row for row in csv.DictReader(file)}
    for route, row in rows.items():
        # Who is suspended is a stranger; a key of theirs, or a revoked one, is refused even where strangers may read.
        assert row["suspended"] == row["anonymous"], route
        if " /api/" in route:
            assert (row["revoked_key"], row["suspended_key"]) == ("401", "401"), route
        if " /api/" in route and not route.startswith("GET "):
            assert row["read_key"] == "403" or row["anonymous"] == "in" or route in ASKED_BY_POST, route
