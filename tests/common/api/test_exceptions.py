"""Plain views of REST framework answer problems as well."""

from typing import Any

import pytest
from django.http import Http404
from rest_framework import exceptions
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

CASES = [
    (exceptions.MethodNotAllowed("PUT"), 405, "request.method_not_allowed"),
    (exceptions.ParseError(), 400, "request.malformed_json"),
    (exceptions.UnsupportedMediaType("text/plain"), 415, "request.media_type_unsupported"),
    (exceptions.NotAuthenticated(), 401, "auth.required"),
    (exceptions.NotAcceptable(), 400, "request.refused"),
    (Http404(), 404, "request.not_found"),
]


@pytest.mark.parametrize(("error", "status", "code"), CASES, ids=[code for _, _, code in CASES])
def test_drf_errors(error: Exception, status: int, code: str) -> None:
    class Failing(APIView):
        authentication_classes = []
        permission_classes = []

        def get(self, request: Any) -> None:
            raise error

    answer: Any = Failing.as_view()(APIRequestFactory().get("/api/v1/x"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert f'"code":"{code}"'.encode() in answer.content
