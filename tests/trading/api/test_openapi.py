"""The OpenAPI document is complete, warns of nothing, and each of its examples works as written.

``RECORD_API_EXAMPLES=1 pytest tests/trading/api/test_openapi.py`` renews docs/api_examples.json and docs/openapi.json.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from jsonschema import Draft202012Validator

from accounts.types import Role
from common.api.schema_views import openapi_document
from markets.models import Market
from tests.conftest import forget_process
from tests.factories.accounts import make_user
from tests.trading.api.conftest import Api, api_of
from tests.trading.api.documented import OF_TRADERS, keep_dashboard, keep_market, prepare
from tests.trading.api.sample_runners import Node, Ran, Told, live_server, run_curl, run_python

IS_RECORDING = bool(os.environ.get("RECORD_API_EXAMPLES"))
DOCUMENT = openapi_document()
FOR_STAFF = {
    "createMarket",
    "openMarket",
    "closeOwnMarket",
    "proposeResolution",
    "operateMarket",
    "exportJournals",
    "createSeries",
    "editSeries",
    "placeEvent",
    "takeEventOut",
    "setMarketLimits",
    "getTraderLimits",
    "setTraderLimits",
    "listOverrides",
    "requestOverride",
    "approveOverride",
    "declineOverride",
}
FOR_MODERATORS = {"moderateComment"}
FOR_WATCHERS = {
    "reports",
    "performance dashboard",
    "advanced dashboard",
    "metric analytics",
    "auto-scaling",
    "advanced performance",
    "ai optimization",
    "intelligent-alerting",
    "business intelligence",
}
SHOWN_MAX = 8
METHODS = ("get", "post", "put", "patch", "delete")


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in DOCUMENT["paths"].items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def requests_of_examples() -> Iterator[Any]:
    for path, method, operation in operations():
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        examples = content.get("examples", {"none": {"value": None}})
        for name, example in examples.items():
            yield pytest.param(path, method, operation, example["value"], id=f"{operation['operationId']}-{name}")


def _address(path: str, operation: dict[str, Any], **more: str) -> str:
    query = dict(more)
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(_example(parameter)))
        elif parameter.get("required"):
            query[parameter["name"]] = _example(parameter)
    assert "{" not in path, "every path parameter has an example"
    return path.removeprefix("/api/v1") + (f"?{urlencode(query)}" if query else "")


def _example(parameter: dict[str, Any]) -> str:
    return str(next(iter(parameter["examples"].values()))["value"])


def _document(answer: Any) -> Any:
    """What was answered: JSON, or the text of a file."""
    is_file = not answer.headers["Content-Type"].endswith("json")
    return answer.getvalue().decode() if is_file else answer.json()


def _check(document: Any, operation: dict[str, Any], status: int, content_type: str) -> None:
    schema = operation["responses"][str(status)]["content"][content_type]["schema"]
    validator = Draft202012Validator({**schema, "components": DOCUMENT["components"]})
    problems = [f"{list(error.path)}: {error.message}" for error in validator.iter_errors(document)]
    assert problems == []


@pytest.fixture
def documented_market(alice: Api, bob: Api) -> Market:
    return keep_market(alice, bob)


@dataclass(frozen=True)
class Site:
    url: str
    told: Told
    runners: dict[str, Callable[[str, dict[str, str]], Ran]]


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    process = Node()
    yield process
    process.close()


@pytest.fixture
def site(db: None, node: Node) -> Iterator[Site]:
    with live_server() as (url, told):
        yield Site(url, told, {"Shell": run_curl, "Python": run_python, "JavaScript": node})


def _first_body(operation: dict[str, Any]) -> Any:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return next(iter(content.get("examples", {"none": {"value": None}}).values()))["value"]


def _run_samples(operation: dict[str, Any], caller: Api, site: Site, recorded: dict[str, dict[str, Any]]) -> None:
    environment = {"OM_URL": site.url, "OM_KEY": caller.secret}
    for sample in operation["x-codeSamples"]:
        before = site.told.count
        with _taken_back():
            ran = site.runners[sample["lang"]](sample["source"], environment)
        forget_process()
        told = site.told
        assert told.count == before + 1, ran
        assert told.status < 300, (ran, told.body)
        assert not ran.failure, ran
        is_json = told.content_type.endswith("json")
        document = json.loads(told.body) if is_json else told.body.decode()
        _check_printed(sample["lang"], ran.printed, document)
        _check(document, operation, told.status, told.content_type)
        recorded.setdefault(operation["operationId"], {}).setdefault(str(told.status), _cut(document))


@contextmanager
def _taken_back() -> Iterator[None]:
    """What is done inside is undone, durable blocks included: to them it is no block, like the test's own."""
    block: Any = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def _check_printed(language: str, printed: str, document: Any) -> None:
    """A reader sees the whole answer."""
    if isinstance(document, str):
        # Python and the shell have their own ends of lines, and Node drops the mark that Excel wants.
        assert printed.lstrip("\ufeff").split() == document.lstrip("\ufeff").split()
    elif language == "Python":
        assert printed == str(document)
    else:
        assert json.loads(printed) == document


@pytest.fixture(scope="module")
def recorded(project_dir: Path) -> Iterator[dict[str, dict[str, Any]]]:
    answers: dict[str, dict[str, Any]] = {}
    yield answers
    if IS_RECORDING:
        docs = project_dir / "docs"
        text = json.dumps(dict(sorted(answers.items())), indent=2, ensure_ascii=False)
        (docs / "api_examples.json").write_text(text + "\n", "utf-8")
        openapi_document.cache_clear()
        (docs / "openapi.json").write_text(_rendered(), "utf-8")


def _rendered() -> str:
    return json.dumps(openapi_document(), indent=2, ensure_ascii=False) + "\n"


def _cut(document: Any) -> Any:
    """The beginning of long lists is example enough."""
    if isinstance(document, dict):
        return {name: _cut(value) for name, value in document.items()}
    return [_cut(item) for item in document[:SHOWN_MAX]] if isinstance(document, list) else document


@pytest.mark.parametrize(("path", "method", "operation", "body"), list(requests_of_examples()))
def test_each_example_works_as_written(
    path: str,
    method: str,
    operation: dict[str, Any],
    body: Any,
    documented_market: Market,
    alice: Api,
    dave: Api,
    site: Site,
    recorded: dict[str, dict[str, Any]],
) -> None:
    """The first example of each operation as the page shows it, by curl, Python and JavaScript; others as requests."""
    assert documented_market.pk == 7
    prepare(operation["operationId"])
    is_for_staff = operation["operationId"] in FOR_STAFF | OF_TRADERS or FOR_WATCHERS & set(operation["tags"])
    caller = dave if is_for_staff else alice
    if operation["operationId"] in FOR_MODERATORS:
        caller = api_of(make_user("mona", roles=(Role.TRADER, Role.MODERATOR)), "trade")
    keep_dashboard(dave)
    if body == _first_body(operation):
        _run_samples(operation, caller, site, recorded)
        return
    answer = caller.send(method.upper(), _address(path, operation), body)
    assert answer.status_code < 300, answer.content
    content_type = answer.headers["Content-Type"]
    document = _document(answer)
    _check(document, operation, answer.status_code, content_type)
    recorded.setdefault(operation["operationId"], {}).setdefault(str(answer.status_code), _cut(document))


@pytest.mark.parametrize(("path", "method", "operation"), list(operations()))
def test_failures_are_as_described(path: str, method: str, operation: dict[str, Any], carol: Api) -> None:
    body = {"surprise": 1} if method in ("post", "put") else None
    answer = carol.send(method.upper(), _address(path, operation, surprise="1"), body)
    assert answer.status_code >= 400 or method == "delete"
    _check(answer.json(), operation, answer.status_code, "application/problem+json")


@pytest.mark.parametrize(("path", "method", "operation"), list(operations()))
def test_each_operation_is_described(path: str, method: str, operation: dict[str, Any]) -> None:
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    assert any(status.startswith("2") for status in operation["responses"])
    success = next(r for status, r in operation["responses"].items() if status.startswith("2"))
    assert IS_RECORDING or "example" in next(iter(success["content"].values()))
    if method in ("post", "put"):
        assert operation["requestBody"]["content"]["application/json"]["examples"]


def test_the_schema_warns_of_nothing(tmp_path: Path) -> None:
    call_command("spectacular", "--fail-on-warn", "--validate", "--file", str(tmp_path / "schema.yml"))


def test_the_stored_document_is_fresh(project_dir: Path) -> None:
    """Record the examples again after a change of the API (see the head of this file)."""
    assert IS_RECORDING or (project_dir / "docs" / "openapi.json").read_text("utf-8") == _rendered()


@pytest.mark.django_db
def test_it_is_served_as_json_and_yaml_with_its_page(client: Client) -> None:
    served = client.get("/api/v1/schema")
    assert IS_RECORDING or served.json() == DOCUMENT
    assert client.get("/api/v1/schema?format=yaml").content.startswith(b"openapi: 3.1.0")
    assert client.get("/api/v1/schema?format=xml").status_code == 422
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "Place an order" in page.content.decode()
    assert "https://" not in page.content.decode().replace("https://testserver", "")
