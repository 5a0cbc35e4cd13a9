"""Topics and series, and what the caller follows."""

from django.http import HttpRequest, HttpResponse

from alerting.api import follow_operations as operations
from alerting.api.views import user_id
from alerting.errors import SubjectNotFound
from alerting.models import SubjectKind
from alerting.selectors.subjects import Subject, followed_subjects, subject, topic_subjects
from alerting.services.follow_subject import follow_subject, unfollow_subject
from common.api.access import FOLLOW, PUBLIC, READ
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView


class TopicsView(ApiView):
    access = PUBLIC

    @operations.list_topics
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        rows = topic_subjects()
        return json_response({"items": [{"slug": one.slug, "name": one.name} for one in rows]})


class FollowsView(ApiView):
    access = READ

    @operations.list_follows
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return _answer(request)


class FollowView(ApiView):
    access = FOLLOW

    @operations.follow
    def put(self, request: HttpRequest, kind: str, slug: str) -> HttpResponse:
        Fields(json_body(request)).finish()
        found = _subject(kind, slug)
        follow_subject(user_id=user_id(request), kind=found.kind, subject_id=found.id)
        return _answer(request)

    @operations.unfollow
    def delete(self, request: HttpRequest, kind: str, slug: str) -> HttpResponse:
        found = _subject(kind, slug)
        unfollow_subject(user_id=user_id(request), kind=found.kind, subject_id=found.id)
        return _answer(request)


def _subject(kind: str, slug: str) -> Subject:
    """Raises: SubjectNotFound"""
    found = subject(SubjectKind(kind), slug)
    if found is None:
        raise SubjectNotFound(f"There is no {kind} with the slug {slug}.")
    return found


def _answer(request: HttpRequest) -> HttpResponse:
    mine = [one for kind in SubjectKind for one in followed_subjects(user_id(request), kind)]
    return json_response({"items": [{"kind": one.kind.value, "slug": one.slug, "name": one.name} for one in mine]})
