"""A page for each code of a refusal: where ``type`` of a problem document leads."""

import json
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.error_guide import FIELD_GUIDE
from common.problems import problem_document
from trading.web.docs import ErrorCode, error_codes


@dataclass(frozen=True, slots=True)
class ErrorContext:
    """``kin`` are the codes of the same family."""

    error: ErrorCode
    example: str
    kin: tuple[ErrorCode, ...]


@require_safe
def error_page(request: HttpRequest, code: str) -> HttpResponse:
    if code in FIELD_GUIDE:
        return render(request, "docs/field_error.html", {"code": code, "meaning": FIELD_GUIDE[code]})
    codes = {one.code: one for one in error_codes()}
    found = codes.get(code)
    if found is None:
        raise Http404
    example = problem_document(code=code, title=found.title, status=found.status, detail=found.fix)
    family = code.partition(".")[0] + "."
    kin = tuple(one for one in codes.values() if one.code.startswith(family) and one.code != code)
    text = json.dumps(example, indent=2, ensure_ascii=False)
    return render(request, "docs/error.html", {"page": ErrorContext(found, text, kin)})
