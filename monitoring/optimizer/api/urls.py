from django.urls import re_path

from monitoring.optimizer.api import views

_ADVANCED = r"^advanced-performance/"
_AI = r"^ai-optimization/"
_ONE = _AI + r"recommendations/(?P<recommendation_id>[0-9]{1,18})/"

app_name = "optimizer-api"
urlpatterns = [
    re_path(_ADVANCED + r"start-monitoring/?$", views.StartMonitoringView.as_view(), name="start-monitoring"),
    re_path(_ADVANCED + r"stop-monitoring/?$", views.StopMonitoringView.as_view(), name="stop-monitoring"),
    re_path(_ADVANCED + r"start-optimization/?$", views.StartOptimizationView.as_view(), name="start-optimization"),
    re_path(_ADVANCED + r"stop-optimization/?$", views.StopOptimizationView.as_view(), name="stop-optimization"),
    re_path(_ADVANCED + r"trigger-optimization/?$", views.TriggerOptimizationView.as_view(), name="trigger"),
    re_path(_ADVANCED + r"summary/?$", views.OptimizerSummaryView.as_view(), name="summary"),
    re_path(_ADVANCED + r"metrics/?$", views.OptimizerMetricsView.as_view(), name="metrics"),
    re_path(_ADVANCED + r"predictions/?$", views.OptimizerPredictionsView.as_view(), name="predictions"),
    re_path(_ADVANCED + r"optimization-actions/?$", views.OptimizationActionsView.as_view(), name="actions"),
    re_path(_ADVANCED + r"health/?$", views.OptimizerHealthView.as_view(), name="health"),
    re_path(_AI + r"recommendations/?$", views.OptimizerRecommendationsView.as_view(), name="recommendations"),
    re_path(_AI + r"predictions/?$", views.AiPredictionsView.as_view(), name="ai-predictions"),
    re_path(_AI + r"history/?$", views.OptimizerHistoryView.as_view(), name="history"),
    re_path(_AI + r"status/?$", views.OptimizerStatusView.as_view(), name="status"),
    re_path(_AI + r"start-monitoring/?$", views.StartAiMonitoringView.as_view(), name="ai-start-monitoring"),
    re_path(_ONE + r"approve/?$", views.ApproveRecommendationView.as_view(), name="approve"),
    re_path(_ONE + r"dismiss/?$", views.DismissRecommendationView.as_view(), name="dismiss"),
    re_path(_ONE + r"revert/?$", views.RevertRecommendationView.as_view(), name="revert"),
]
