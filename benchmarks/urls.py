"""The product's routes and the yardstick for reads: a REST framework view that does nothing."""

from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class EmptyView(APIView):
    authentication_classes = []
    permission_classes = []

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("benchmark/empty", EmptyView.as_view()), path("", include("opinion_market.urls"))]
