"""The follow button of topics and series: the button alone for scripts, a page with it for everybody else."""

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from alerting.errors import FollowLimit
from alerting.models import SubjectKind
from alerting.selectors.subjects import Subject, subject
from alerting.selectors.subscriptions import is_followed
from alerting.services.follow_subject import follow_subject, unfollow_subject
from common.problem_words import words_of

_PATHS: Final = {SubjectKind.TOPIC: "/topics/", SubjectKind.SERIES: "/series/"}


@dataclass(frozen=True, slots=True)
class FollowPart:
    """``path`` is the page of what is followed."""

    subject: Subject
    path: str
    is_followed: bool


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def follow(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    found = subject(SubjectKind(kind), slug)
    if found is None:
        raise Http404
    assert request.user.pk is not None
    if request.method == "POST":
        try:
            if request.POST.get("follow") == "yes":
                follow_subject(user_id=request.user.pk, kind=found.kind, subject_id=found.id)
            else:
                unfollow_subject(user_id=request.user.pk, kind=found.kind, subject_id=found.id)
        except FollowLimit as refusal:
            messages.error(request, words_of(refusal))
    path = f"{_PATHS[found.kind]}{found.slug}"
    is_part = request.headers.get("X-Requested-With") == "fetch"
    if request.method == "POST" and not is_part:
        return redirect(path)
    part = FollowPart(found, path, is_followed(request.user.pk, found.kind, found.id))
    template = "alerting/_follow.html" if is_part else "alerting/follow.html"
    return render(request, template, {"follow": part, "current_topic": None})
