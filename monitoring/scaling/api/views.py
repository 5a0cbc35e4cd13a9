"""Scaling: started and stopped, its policies, what it decided, and a count by hand."""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from common.api.access import MEASURE, OPERATE_PLATFORM
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.client_ip import client_ip
from monitoring.scaling.api import documents, forms, operations
from monitoring.scaling.models import ScalingTarget
from monitoring.scaling.selectors import overview
from monitoring.scaling.selectors.decisions import decisions
from monitoring.scaling.selectors.switch import is_scaling_on
from monitoring.scaling.selectors.timeline import timeline, what_if
from monitoring.scaling.services.pause_target import pause_target
from monitoring.scaling.services.release_target import release_target
from monitoring.scaling.services.save_policy import save_policy
from monitoring.scaling.services.scale_manually import scale_manually
from monitoring.scaling.services.switch_scaling import switch_scaling

_DAY: Final = timedelta(days=1)


class StartScalingView(ApiView):
    access = OPERATE_PLATFORM

    @operations.start_scaling
    def post(self, request: HttpRequest) -> HttpResponse:
        return _switched(request, is_on=True)


class StopScalingView(ApiView):
    access = OPERATE_PLATFORM

    @operations.stop_scaling
    def post(self, request: HttpRequest) -> HttpResponse:
        return _switched(request, is_on=False)


class ScalingSummaryView(ApiView):
    access = MEASURE

    @operations.get_summary
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        targets = [documents.target_document(one) for one in overview.targets_now()]
        facts = {"is_on": is_scaling_on(), "changes_24h": overview.changes_since(_DAY)}
        return json_response(facts | {"targets": targets})


class ScalingPoliciesView(ApiView):
    access_by_method = {"GET": MEASURE, "POST": OPERATE_PLATFORM}

    @operations.list_policies
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return _list([documents.policy_document(policy) for policy in overview.policies()])

    @operations.save_policy
    def post(self, request: HttpRequest) -> HttpResponse:
        spec = forms.policy_from(json_body(request))
        policy = save_policy(actor_id=_user_id(request), spec=spec, ip=client_ip(request))
        return json_response(documents.policy_document(policy), status=201)


class ScalingDecisionsView(ApiView):
    access = MEASURE

    @operations.list_decisions
    def get(self, request: HttpRequest) -> HttpResponse:
        asked = forms.decisions_query(request)
        page = decisions(
            target=asked.target,
            only_changes=asked.only_changes,
            before=asked.before,
            limit=asked.limit,
            cursor=asked.cursor,
        )
        items = [documents.decision_document(decision) for decision in page.items]
        return json_response({"items": items, "next_cursor": page.next_cursor})


class ScaleManuallyView(ApiView):
    access = OPERATE_PLATFORM

    @operations.scale_manual
    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.manual_from(json_body(request))
        row = scale_manually(
            actor_id=_user_id(request),
            target=form.target,
            count=form.count,
            reason=form.reason,
            duration_s=form.duration_s,
            ip=client_ip(request),
        )
        return _target(row)


class PauseScalingView(ApiView):
    access = OPERATE_PLATFORM

    @operations.pause_scaling
    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.pause_from(json_body(request))
        row = pause_target(
            actor_id=_user_id(request),
            target=form.target,
            pause=form.pause,
            reason=form.reason,
            duration_s=form.duration_s,
            ip=client_ip(request),
        )
        return _target(row)


class ReleaseScalingView(ApiView):
    access = OPERATE_PLATFORM

    @operations.release_scaling
    def post(self, request: HttpRequest) -> HttpResponse:
        name = forms.release_from(json_body(request))
        return _target(release_target(actor_id=_user_id(request), target=name, ip=client_ip(request)))


class ScalingTimelineView(ApiView):
    access = MEASURE

    @operations.get_timeline
    def get(self, request: HttpRequest) -> HttpResponse:
        asked = forms.timeline_query(request)
        return json_response(documents.timeline_document(timeline(target=asked.target, span=asked.span)))


class ScalingWhatIfView(ApiView):
    access = MEASURE

    @operations.what_if
    def post(self, request: HttpRequest) -> HttpResponse:
        target, other = forms.what_if_from(json_body(request))
        return json_response(documents.what_if_document(what_if(target=target, other=other)))


class ScalingRecommendationsView(ApiView):
    access = MEASURE

    @operations.list_recommendations
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return _list([documents.recommendation_document(one) for one in overview.recommendations()])


def _switched(request: HttpRequest, *, is_on: bool) -> HttpResponse:
    Fields(json_body(request)).finish()
    is_changed = switch_scaling(actor_id=_user_id(request), is_on=is_on, ip=client_ip(request))
    return json_response({"is_on": is_on, "is_changed": is_changed})


def _target(row: ScalingTarget) -> HttpResponse:
    found = next(one for one in overview.targets_now() if one.row.pk == row.pk)
    return json_response(documents.target_document(found))


def _user_id(request: HttpRequest) -> int:
    user_id: int = request.api_caller.user_id  # type: ignore[attr-defined]
    return user_id


def _list(items: list[dict[str, Any]]) -> HttpResponse:
    return json_response({"items": items, "next_cursor": None})
