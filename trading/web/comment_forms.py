"""What comes back from the comments of the market page."""

from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from common.api.access import Bucket, gate
from common.api.errors import LimitExceeded, PermissionMissing
from common.client_ip import client_ip
from common.errors import DomainError
from common.paging import CursorInvalid
from common.problem_words import words_of
from markets.selectors.comments import CommentView, comment
from markets.services.moderate_comment import delete_comment, hide_comment
from markets.services.react import add_reaction, take_back_reaction
from markets.types import ReactionKind
from trading.services.comment_on_market import comment_on_market
from trading.web.comments import MAY_COMMENT, MAY_HIDE, CommentForm, comments_part, reader_of
from trading.web.limits import limited
from trading.web.market import access_market, new_ticket, render_market

_ID_MAX: Final = 2**63 - 1


@require_http_methods(["GET", "HEAD", "POST"])
@limited
def comments(request: HttpRequest, slug: str) -> HttpResponse:
    """Post a comment; or the threads after a cursor, for scripts and for the link below the newest ones."""
    return post(request, slug) if request.method == "POST" else _older(request, slug)


def _older(request: HttpRequest, slug: str) -> HttpResponse:
    detail = access_market(request, slug)
    try:
        part = comments_part(request, detail.id, cursor=request.GET.get("cursor") or None)
    except CursorInvalid:
        return redirect("trading:market", slug=detail.slug)
    is_fragment = request.headers.get("X-Requested-With") == "fetch"
    template = "markets/_threads.html" if is_fragment else "markets/comments.html"
    return render(request, template, {"market": detail, "comments": part})


@login_required
def post(request: HttpRequest, slug: str) -> HttpResponse:
    detail = access_market(request, slug)
    form = CommentForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            _check_may_write(request, MAY_COMMENT)
            comment_id = comment_on_market(
                market_id=detail.id,
                author_id=_user_id(request),
                text=form.cleaned_data["text"],
                parent_id=form.cleaned_data["parent_id"],
            )
        except DomainError as error:
            form.add_error("text", words_of(error))
            status = error.status
        else:
            return redirect(f"/markets/{detail.slug}#comment-{comment_id}")
    return render_market(request, detail, new_ticket(request, detail), comment_form=form, status=status)


@require_POST
@login_required
def remove(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Delete one's own comment, or hide somebody else's for a reason."""
    view = _visible(request, comment_id)
    try:
        if view.author_id == _user_id(request):
            _check_may_write(request, MAY_COMMENT)
            delete_comment(comment_id=view.id, author_id=_user_id(request))
        else:
            _check_may_write(request, MAY_HIDE)
            reason = request.POST.get("reason", "")
            hide_comment(comment_id=view.id, actor_id=_user_id(request), reason=reason, ip=client_ip(request))
    except DomainError as error:
        messages.error(request, words_of(error))
    else:
        messages.success(
            request,
            gettext("The comment is gone.") if view.author_id == request.user.pk else gettext("It is hidden now."),
        )
    return redirect(f"/markets/{view.market_slug}#comments")


@require_POST
@login_required
def react(request: HttpRequest, comment_id: str) -> HttpResponse:
    """Say what one thinks of a comment, or take it back: the row of buttons for scripts, else back to the comment."""
    view = _visible(request, comment_id)
    kind = next((one for one in ReactionKind if one in (request.POST.get("add"), request.POST.get("take_back"))), None)
    if kind is None:
        return HttpResponseBadRequest(gettext("Send add or take_back with a kind of reaction."))
    change = add_reaction if "add" in request.POST else take_back_reaction
    try:
        _check_may_write(request, MAY_COMMENT)
        change(comment_id=view.id, user_id=_user_id(request), kind=kind)
    except DomainError as error:
        messages.error(request, words_of(error))
    if request.headers.get("X-Requested-With") == "fetch":
        context = {"comment": _visible(request, comment_id), "may_react": True}
        return render(request, "markets/_reactions.html", context)
    return redirect(f"/markets/{view.market_slug}#comment-{view.id}")


def _visible(request: HttpRequest, comment_id: str) -> CommentView:
    number = int(comment_id)
    view = comment(number, reader_id=reader_of(request)) if number <= _ID_MAX else None
    if view is None:
        raise Http404
    access_market(request, view.market_slug)
    return view


def _check_may_write(request: HttpRequest, permission: str) -> None:
    """The same permission and the same allowance as through the API."""
    if not request.user.has_perm(permission):
        raise PermissionMissing(gettext("Your account may not do this. Ask staff for a role that may."))
    allowance = gate().spend(request, gate().caller(request), Bucket.WRITE)
    if allowance.retry_after_s is not None:
        raise LimitExceeded(
            gettext("That was fast. Wait %(seconds)s s and send it again.") % {"seconds": allowance.retry_after_s}
        )


def _user_id(request: HttpRequest) -> int:
    assert request.user.pk is not None, "login_required stands before"
    return request.user.pk
