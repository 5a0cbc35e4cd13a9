"""What somebody has made: their markets with what they bring, cost and need."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common.paging import CursorInvalid
from markets.selectors.plans import own_plans
from trading.selectors.own_markets import own_markets, own_totals
from trading.web.limits import limited
from trading.web.market_templates import template_of


@require_safe
@login_required
@limited
def console(request: HttpRequest) -> HttpResponse:
    assert request.user.pk is not None, "login_required stands before"
    user_id, is_todo = request.user.pk, request.GET.get("show") == "todo"
    try:
        page = own_markets(user_id, is_todo=is_todo, cursor=request.GET.get("cursor") or None)
    except CursorInvalid:
        # An old or mangled link still shows something useful: the beginning.
        page = own_markets(user_id, is_todo=is_todo)
    context = {
        "markets": page.items,
        "next_cursor": page.next_cursor,
        "totals": own_totals(user_id),
        "plans": [(plan, template_of(plan.template)) for plan in own_plans(user_id) if plan.market_id is None],
        "is_todo": is_todo,
        "may_make": request.user.has_perm("markets.add_market"),
    }
    return render(request, "markets/create/console.html", context)
