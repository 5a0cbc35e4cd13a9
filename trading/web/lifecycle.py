"""The life of a market from its page, by plain forms."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from common.api.access import Bucket, gate
from common.api.errors import LimitExceeded, PermissionMissing
from common.errors import DomainError
from common.problems import problem_from_error
from markets.types import Action
from trading.services.change_lifecycle import change_lifecycle
from trading.web.lifecycle_forms import FORMS, LifecycleForm
from trading.web.market import access_market, new_ticket, render_market

_DONE: Final = {
    Action.OPEN: gettext_lazy("The market is open."),
    Action.CLOSE: gettext_lazy("The market is closed."),
    Action.PROPOSE: gettext_lazy("The result is proposed. Everybody can dispute it for a while."),
    Action.DISPUTE: gettext_lazy("Your objection is noted. Staff will decide."),
}


@require_POST
@login_required
def change(request: HttpRequest, slug: str, action: str) -> HttpResponse:
    """Do the step, or show the page again with what is wrong beside the field."""
    detail = access_market(request, slug)
    form = FORMS[action](request.POST, market=detail)
    status = 422
    if form.is_valid():
        try:
            _check_may_write(request, form)
            change_lifecycle(form.step(request))
        except DomainError as error:
            form.add_refusal(problem_from_error(error))
            status = error.status
        else:
            messages.success(request, _DONE[form.action])
            return redirect("trading:market", slug=detail.slug)
    return render_market(request, detail, new_ticket(request, detail), sent=form, status=status)


def _check_may_write(request: HttpRequest, form: LifecycleForm) -> None:
    """The same permission and the same allowance as through the API."""
    if form.action is Action.DISPUTE and not request.user.has_perm("trading.add_order"):
        raise PermissionMissing(gettext("Your account may not trade. Ask staff for the role of a trader."))
    allowance = gate().spend(request, gate().caller(request), Bucket.WRITE)
    if allowance.retry_after_s is not None:
        raise LimitExceeded(
            gettext("That was fast. Wait %(seconds)s s and send it again.") % {"seconds": allowance.retry_after_s}
        )
