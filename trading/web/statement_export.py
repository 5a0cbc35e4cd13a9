from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from common.errors import DomainError
from common.problem_words import words_of
from trading.services.request_statement import request_statement


@require_POST
@login_required
def export_statement(request: HttpRequest) -> HttpResponse:
    assert request.user.pk is not None
    try:
        request_statement(user_id=request.user.pk, is_workbook=request.POST.get("format") == "xlsx")
    except DomainError as refusal:
        messages.error(request, words_of(refusal))
    else:
        messages.success(request, gettext("Your statement is being written. It is ready in a moment."))
    return redirect("jobs:list")
