"""Vote as a member of a market's committee, from its page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from common.api.access import Bucket, gate
from common.api.errors import LimitExceeded
from common.client_ip import client_ip
from common.errors import DomainError
from common.problems import problem_from_error
from markets.services.cast_vote import cast_vote
from trading.selectors.market_pulse import note_seq
from trading.web.lifecycle_forms import VoteForm
from trading.web.market import access_market, new_ticket, render_market


@require_POST
@login_required
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Cast it, or show the page again with what is wrong beside the field."""
    detail = access_market(request, slug)
    form = VoteForm(request.POST, market=detail)
    status = 422
    if form.is_valid():
        try:
            _check_allowance(request)
            note_seq(detail.id, _cast(request, form))
        except DomainError as error:
            form.add_refusal(problem_from_error(error))
            status = error.status
        else:
            messages.success(request, gettext("Your vote counts. You can change it until the vote ends."))
            return redirect("trading:market", slug=detail.slug)
    return render_market(request, detail, new_ticket(request, detail), sent=form, status=status)


def _cast(request: HttpRequest, form: VoteForm) -> int:
    step = form.step(request)
    return cast_vote(
        market_id=step.market_id,
        actor_id=step.actor_id,
        payouts=step.payouts,
        value=step.value,
        reason=step.reason,
        ip=client_ip(request),
    )


def _check_allowance(request: HttpRequest) -> None:
    allowance = gate().spend(request, gate().caller(request), Bucket.WRITE)
    if allowance.retry_after_s is not None:
        raise LimitExceeded(
            gettext("That was fast. Wait %(seconds)s s and send it again.") % {"seconds": allowance.retry_after_s}
        )
