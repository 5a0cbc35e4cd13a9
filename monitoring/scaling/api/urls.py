from django.urls import re_path

from monitoring.scaling.api import views

_SCALING = r"^auto-scaling/"

app_name = "scaling-api"
urlpatterns = [
    re_path(_SCALING + r"start-scaling/?$", views.StartScalingView.as_view(), name="start"),
    re_path(_SCALING + r"stop-scaling/?$", views.StopScalingView.as_view(), name="stop"),
    re_path(_SCALING + r"summary/?$", views.ScalingSummaryView.as_view(), name="summary"),
    re_path(_SCALING + r"policies/?$", views.ScalingPoliciesView.as_view(), name="policies"),
    re_path(_SCALING + r"decisions/?$", views.ScalingDecisionsView.as_view(), name="decisions"),
    re_path(_SCALING + r"scale-manual/?$", views.ScaleManuallyView.as_view(), name="scale-manual"),
    re_path(_SCALING + r"pause/?$", views.PauseScalingView.as_view(), name="pause"),
    re_path(_SCALING + r"release/?$", views.ReleaseScalingView.as_view(), name="release"),
    re_path(_SCALING + r"timeline/?$", views.ScalingTimelineView.as_view(), name="timeline"),
    re_path(_SCALING + r"what-if/?$", views.ScalingWhatIfView.as_view(), name="what-if"),
    re_path(_SCALING + r"recommendations/?$", views.ScalingRecommendationsView.as_view(), name="recommendations"),
]
