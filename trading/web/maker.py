"""Liquidity and NO from the market page, by plain forms; and its chart of a numeric or date market."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from common.api.access import Bucket, gate
from common.api.errors import LimitExceeded, PermissionMissing
from common.errors import DomainError
from common.languages import said
from common.problems import problem_from_error
from trading.web.distribution import distribution
from trading.web.limits import limited
from trading.web.maker_forms import FORMS, MakerForm
from trading.web.market import access_market, new_ticket, render_market


@require_safe
@limited
def market_distribution(request: HttpRequest, slug: str) -> HttpResponse:
    """The chart as it is now, for scripts."""
    detail = access_market(request, slug)
    drawn = distribution(detail)
    if drawn is None:
        raise Http404
    return render(request, "trading/_market_distribution.html", {"market": detail, "distribution": drawn})


@require_POST
@login_required
def change_maker(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """Do it, or show the page again with what is wrong beside the field."""
    detail = access_market(request, slug)
    form = FORMS[name](request.POST, market=detail)
    problem = _problem(request, form) if form.is_valid() else {"status": 422}
    if problem is None:
        return redirect("trading:market", slug=detail.slug)
    return render_market(request, detail, new_ticket(request, detail), maker=form, status=problem["status"])


def _problem(request: HttpRequest, form: MakerForm) -> dict[str, Any] | None:
    """Why it was refused, which the form shows."""
    assert request.user.pk is not None, "login_required stands before"
    try:
        _check_may_trade(request)
        answer = form.run(request.user.pk)
        document: dict[str, Any] = json.loads(answer.body)
        if answer.is_accepted:
            messages.success(request, _told(document))
            return None
    except DomainError as error:
        document = problem_from_error(error)
    form.add_refusal(document)
    return document


def _check_may_trade(request: HttpRequest) -> None:
    """The same permission and the same allowance as through the API."""
    if not request.user.has_perm("trading.add_order"):
        raise PermissionMissing(gettext("Your account may not trade. Ask staff for the role of a trader."))
    allowance = gate().spend(request, gate().caller(request), Bucket.WRITE)
    if allowance.retry_after_s is not None:
        raise LimitExceeded(
            gettext("That was fast. Wait %(seconds)s s and send it again.") % {"seconds": allowance.retry_after_s}
        )


def _told(document: dict[str, Any]) -> str:
    if "no" in document:
        return gettext("Converted: %(cash)s credits are in your account.") % {"cash": said(document["cash"])}
    shares = ", ".join(f"{said(lots)} {slug}" for slug, lots in document["shares"].items())
    facts = {"quantity": said(document["quantity"]), "cost": said(document["cost"].removeprefix("-")), "shares": shares}
    if document["action"] == "add":
        told = gettext("You provide %(quantity)s more, for %(cost)s credits.") % facts
        return told + " " + gettext("You keep %(shares)s.") % facts if shares else told
    if shares:
        return gettext("Withdrawn: %(cost)s credits and %(shares)s are yours.") % facts
    return gettext("Withdrawn: %(cost)s credits are yours.") % facts
