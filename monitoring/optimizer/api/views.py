"""The optimizer: started and stopped, what it sees, what it proposes, what it did."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from common import clock
from common.api.access import MEASURE, OPERATE_PLATFORM
from common.api.fields import Fields, json_body
from common.api.responses import json_response
from common.api.views import ApiView
from common.client_ip import client_ip
from common.clock import rfc3339
from monitoring.optimizer.api import documents, forms, operations
from monitoring.optimizer.selectors import board
from monitoring.optimizer.selectors.evidence.postgres import has_statements
from monitoring.optimizer.selectors.incidents import freeze_reason
from monitoring.optimizer.selectors.records import current_calibration
from monitoring.optimizer.selectors.rights import can_change_tables
from monitoring.optimizer.selectors.switch import current_plan, is_monitoring, is_optimizing
from monitoring.optimizer.services.decide_recommendation import (
    approve_recommendation,
    dismiss_recommendation,
    take_back_recommendation,
)
from monitoring.optimizer.services.switch_optimizer import Part, switch_optimizer
from monitoring.optimizer.services.trigger_optimization import trigger_optimization


class _SwitchView(ApiView):
    access = OPERATE_PLATFORM
    part: Part
    is_on: bool

    def switched(self, request: HttpRequest) -> HttpResponse:
        Fields(json_body(request)).finish()
        is_changed = switch_optimizer(
            actor_id=_user_id(request), part=self.part, is_on=self.is_on, ip=client_ip(request)
        )
        return json_response({"is_on": self.is_on, "is_changed": is_changed})


class StartMonitoringView(_SwitchView):
    part, is_on = "monitoring", True

    @operations.start_monitoring
    def post(self, request: HttpRequest) -> HttpResponse:
        return self.switched(request)


class StartAiMonitoringView(_SwitchView):
    part, is_on = "monitoring", True

    @operations.start_ai_monitoring
    def post(self, request: HttpRequest) -> HttpResponse:
        return self.switched(request)


class StopMonitoringView(_SwitchView):
    part, is_on = "monitoring", False

    @operations.stop_monitoring
    def post(self, request: HttpRequest) -> HttpResponse:
        return self.switched(request)


class StartOptimizationView(_SwitchView):
    part, is_on = "optimization", True

    @operations.start_optimization
    def post(self, request: HttpRequest) -> HttpResponse:
        return self.switched(request)


class StopOptimizationView(_SwitchView):
    part, is_on = "optimization", False

    @operations.stop_optimization
    def post(self, request: HttpRequest) -> HttpResponse:
        return self.switched(request)


class TriggerOptimizationView(ApiView):
    access = OPERATE_PLATFORM

    @operations.trigger_optimization
    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.trigger_from(json_body(request))
        done = trigger_optimization(
            actor_id=_user_id(request), kind=form.kind, parameters=form.parameters, ip=client_ip(request)
        )
        return json_response(documents.triggered_document(done))


class OptimizerSummaryView(ApiView):
    access = MEASURE

    @operations.get_summary
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        lists = {
            "settings": [documents.tunable_document(row) for row in board.tunables()],
            "cycles": [documents.cycle_document(row) for row in board.cycles()],
        }
        return json_response(_standing() | lists)


class OptimizerMetricsView(ApiView):
    access = MEASURE

    @operations.get_metrics
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return _list(documents.metric_document(one) for one in board.metrics_now())


class OptimizerPredictionsView(ApiView):
    access = MEASURE

    @operations.get_predictions
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return _list(documents.outlook_document(one) for one in board.outlooks())


class AiPredictionsView(ApiView):
    access = MEASURE

    @operations.get_ai_predictions
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return _list(documents.outlook_document(one) for one in board.outlooks())


class OptimizationActionsView(ApiView):
    access = MEASURE

    @operations.list_actions
    def get(self, request: HttpRequest) -> HttpResponse:
        page = forms.page_query(request)
        found = board.actions(before=page.before, limit=page.limit)
        return _list(documents.recommendation_document(row) for row in found)


class OptimizerHealthView(ApiView):
    access = MEASURE

    @operations.get_health
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        at, due_s = board.standing().optimised_at, current_plan().optimise_s
        # Two are missed before anybody worries.
        is_late = at is None or clock.now() - at > timedelta(seconds=3 * due_s)
        status = "off" if not is_monitoring() else "late" if is_late else "ok"
        facts = {"status": status, "optimized_at": None if at is None else rfc3339(at), "due_s": due_s}
        rights = {"can_change_tables": can_change_tables(), "has_statements": has_statements()}
        return json_response(facts | rights | {"frozen": freeze_reason()})


class OptimizerRecommendationsView(ApiView):
    access = MEASURE

    @operations.list_recommendations
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        return _list(documents.recommendation_document(row) for row in board.recommendations(is_open=True))


class OptimizerHistoryView(ApiView):
    access = MEASURE

    @operations.list_history
    def get(self, request: HttpRequest) -> HttpResponse:
        page = forms.page_query(request)
        found = board.recommendations(is_open=False, before=page.before, limit=page.limit)
        return _list(documents.recommendation_document(row) for row in found)


class OptimizerStatusView(ApiView):
    access = MEASURE

    @operations.get_status
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        calibration = documents.calibration_document(current_calibration())
        return json_response(_standing() | {"calibration": calibration, "frozen": freeze_reason()})


class ApproveRecommendationView(ApiView):
    access = OPERATE_PLATFORM

    @operations.approve
    def post(self, request: HttpRequest, recommendation_id: str) -> HttpResponse:
        Fields(json_body(request)).finish()
        row = approve_recommendation(
            actor_id=_user_id(request), recommendation_id=int(recommendation_id), ip=client_ip(request)
        )
        return json_response(documents.recommendation_document(row))


class DismissRecommendationView(ApiView):
    access = OPERATE_PLATFORM

    @operations.dismiss
    def post(self, request: HttpRequest, recommendation_id: str) -> HttpResponse:
        reason = forms.reason_from(json_body(request))
        row = dismiss_recommendation(
            actor_id=_user_id(request), recommendation_id=int(recommendation_id), reason=reason, ip=client_ip(request)
        )
        return json_response(documents.recommendation_document(row))


class RevertRecommendationView(ApiView):
    access = OPERATE_PLATFORM

    @operations.revert
    def post(self, request: HttpRequest, recommendation_id: str) -> HttpResponse:
        reason = forms.reason_from(json_body(request))
        row = take_back_recommendation(
            actor_id=_user_id(request), recommendation_id=int(recommendation_id), reason=reason, ip=client_ip(request)
        )
        return json_response(documents.recommendation_document(row))


def _standing() -> dict[str, Any]:
    return {
        "is_monitoring": is_monitoring(),
        "is_optimizing": is_optimizing(),
        "strategy": documents.plan_document(current_plan()),
        "standing": documents.standing_document(board.standing()),
    }


def _user_id(request: HttpRequest) -> int:
    user_id: int = request.api_caller.user_id  # type: ignore[attr-defined]
    return user_id


def _list(items: Iterable[dict[str, Any]]) -> HttpResponse:
    return json_response({"items": list(items), "next_cursor": None})
