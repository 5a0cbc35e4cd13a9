"""Every operation, asked as its OpenAPI document says and otherwise, by nobody, a trader and an administrator.

Nothing fails, nothing is answered that the document doesn't tell, and nothing that it calls invalid is taken. The
requests are the document's examples, each boundary of its schemas, and CONTRACT_EXAMPLES random ones an operation, the
same in each run. ``make contract`` runs it.
"""

import os
from collections.abc import Iterator
from contextlib import closing
from typing import Any, Final

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck
from hypothesis import settings as effort

from common.api.access import gate
from common.api.schema_views import openapi_document
from tests.contract.callers import Callers
from tests.contract.checks import CHECKS, EXCLUDED


def _closing(site: Any) -> Any:
    """As a server does: whatever is answered is read to its end and closed, a file for example."""

    def answer(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        with closing(site(environ, start_response)) as parts:
            return list(parts)

    return answer


pytestmark = [pytest.mark.contract, pytest.mark.django_db, pytest.mark.timeout(600)]

SCHEMA: Final = schemathesis.openapi.from_dict(openapi_document())
SCHEMA.app = _closing(WSGIHandler())
EFFORT: Final = effort(
    max_examples=int(os.environ.get("CONTRACT_EXAMPLES", "8")),
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def callers(db: None, settings: Any) -> Iterator[Callers]:
    """They may ask as often as they like."""
    settings.API_LIMITS = {bucket: (10**9, span_s) for bucket, (_, span_s) in settings.API_LIMITS.items()}
    gate.cache_clear()
    yield Callers()
    gate.cache_clear()


@SCHEMA.parametrize()
@EFFORT
def test_requests_are_answered_as_the_document_tells(case: Any, callers: Callers) -> None:
    callers.prepare(case)
    for headers in callers.headers.values():
        with callers.taken_back():
            response = case.call(headers=headers)
            case.validate_response(response, headers=headers, additional_checks=CHECKS, excluded_checks=EXCLUDED)


def test_every_operation_is_asked() -> None:
    document = openapi_document()
    told = {one["operationId"] for item in document["paths"].values() for one in item.values()}
    assert {one.ok().definition.raw["operationId"] for one in SCHEMA.get_all_operations()} == told
