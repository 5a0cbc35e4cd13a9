from django.urls import re_path

from monitoring.optimizer.web.pages import OptimizerPage

app_name = "optimizer"
urlpatterns = [
    re_path(r"^operations/optimizer/?$", OptimizerPage.as_view(), name="board"),
]
