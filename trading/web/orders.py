"""Orders from pages: the ticket's form, and cancelling. Scripts use the API instead."""

import json
from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from common.api.access import Bucket, gate
from common.api.errors import LimitExceeded, PermissionMissing
from common.errors import DomainError
from common.languages import outcome_word, said
from common.problem_words import refusal_words
from common.problems import problem_from_error
from trading.selectors.market_detail import MarketDetail
from trading.selectors.orders import OrderRow, access_order
from trading.services.amend_order import amend_order
from trading.services.cancel_order import cancel_order
from trading.services.preview_order import preview_order
from trading.services.submit import submit
from trading.types import OrderStatus
from trading.web.amend_form import new_terms
from trading.web.forms import TicketForm
from trading.web.market import access_market, render_market
from trading.web.previews import preview_of

_MAY_TRADE: Final = "trading.add_order"


@require_POST
@login_required
def ticket(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what an order would do, or place it when ``intent`` is ``place``."""
    detail = access_market(request, slug)
    form = TicketForm(request.POST, market=detail)
    if not form.is_valid():
        return render_market(request, detail, form, status=422)
    try:
        _check_may_trade(request)
        if request.POST.get("intent") == "place":
            return _place(request, detail, form)
        return _preview(request, detail, form)
    except DomainError as error:
        return _refused(request, detail, form, problem_from_error(error))


def _check_may_trade(request: HttpRequest) -> None:
    """The same permission and the same allowance as an order through the API."""
    if not request.user.has_perm(_MAY_TRADE):
        raise PermissionMissing(gettext("Your account may not trade. Ask staff for the role of a trader."))
    allowance = gate().spend(request, gate().caller(request), Bucket.WRITE)
    if allowance.retry_after_s is not None:
        raise LimitExceeded(
            gettext("That was fast. Wait %(seconds)s s and send it again.") % {"seconds": allowance.retry_after_s}
        )


def _preview(request: HttpRequest, detail: MarketDetail, form: TicketForm) -> HttpResponse:
    command = form.command(_user_id(request))
    answer = preview_order(command)
    if not answer.is_accepted:
        return _refused(request, detail, form, json.loads(answer.body))
    name = detail.outcomes[command.spec.outcome].name
    return render_market(request, detail, form, preview=preview_of(answer, command, outcome_name=name))


def _place(request: HttpRequest, detail: MarketDetail, form: TicketForm) -> HttpResponse:
    command = form.command(_user_id(request))
    answer = submit(command)
    document = json.loads(answer.body)
    if not answer.is_accepted:
        return _refused(request, detail, form, document)
    messages.success(request, _told(document, outcome_word(detail.outcomes[command.spec.outcome].name)))
    return redirect("trading:market", slug=detail.slug)


def _refused(request: HttpRequest, detail: MarketDetail, form: TicketForm, problem: dict[str, Any]) -> HttpResponse:
    # The key is spent on this refusal; the corrected order is another one.
    form.renew_key()
    form.add_refusal(problem)
    return render_market(request, detail, form, status=problem["status"])


def _told(document: dict[str, str], name: str) -> str:
    if document["status"] == OrderStatus.WAITING:
        trigger = {"name": name, "price": said(document["trigger_price"])}
        return gettext("The order on %(name)s waits for a trade at %(price)s.") % trigger
    facts = {"name": name} | {field: said(document[field]) for field in ("filled", "remaining", "cost", "fee")}
    is_free, is_buy = document["fee"] == "0", document["side"] == "buy"
    done = {
        (True, True): gettext("Bought %(filled)s %(name)s for %(cost)s credits."),
        (True, False): gettext("Bought %(filled)s %(name)s for %(cost)s credits and a fee of %(fee)s."),
        (False, True): gettext("Sold %(filled)s %(name)s for %(cost)s credits."),
        (False, False): gettext("Sold %(filled)s %(name)s for %(cost)s credits and a fee of %(fee)s."),
    }[is_buy, is_free]
    parts = [done] if document["filled"] != "0" else []
    if document["remaining"] != "0":
        parts.append(gettext("%(remaining)s %(name)s wait in the book."))
    return " ".join(part % facts for part in parts)


@require_POST
@login_required
def cancel(request: HttpRequest, order_id: str) -> HttpResponse:
    order = access_order(_user_id(request), int(order_id))
    if order is None:
        raise Http404
    try:
        answer = cancel_order(user_id=_user_id(request), order_id=order.id)
        problem = None if answer.is_accepted else json.loads(answer.body)
    except DomainError as error:
        problem = problem_from_error(error)
    if problem is None:
        messages.success(
            request, gettext("Cancelled the order on %(outcome)s.") % {"outcome": outcome_word(order.outcome_name)}
        )
    else:
        messages.error(request, refusal_words(problem))
    return redirect("/portfolio" if request.POST.get("next") == "/portfolio" else f"/markets/{order.market_slug}")


@require_POST
@login_required
def amend(request: HttpRequest, order_id: str) -> HttpResponse:
    """Give an open order another price, another quantity, or both; a refusal leaves it as it stands."""
    order = access_order(_user_id(request), int(order_id))
    if order is None:
        raise Http404
    try:
        _check_may_trade(request)
        price, quantity = new_terms(request.POST, order)
        if price is None and quantity is None:
            messages.info(request, gettext("The order stays as it was: its price and shares are the same."))
            return redirect(_back(request, order))
        answer = amend_order(
            user_id=_user_id(request), market_id=order.market_id, order_id=order.id, price=price, quantity=quantity
        )
        problem = None if answer.is_accepted else json.loads(answer.body)
    except DomainError as error:
        problem = problem_from_error(error)
    if problem is not None:
        messages.error(request, gettext("The order stays as it was.") + f" {refusal_words(problem)}")
        return redirect(_back(request, order, is_open=True))
    messages.success(
        request, gettext("The order on %(outcome)s has its new terms.") % {"outcome": outcome_word(order.outcome_name)}
    )
    return redirect(_back(request, order))


def _back(request: HttpRequest, order: OrderRow, *, is_open: bool = False) -> str:
    """Where the form was; ``is_open`` shows it again."""
    if request.POST.get("next") != "/portfolio":
        return f"/markets/{order.market_slug}"
    return f"/portfolio?edit={order.id}#order-{order.id}" if is_open else "/portfolio"


def _user_id(request: HttpRequest) -> int:
    assert request.user.pk is not None, "login_required stands before"
    return request.user.pk
