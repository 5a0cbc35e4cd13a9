"""What a caller may ask how often."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema

from common.api.access import PUBLIC, Bucket, gate
from common.api.fields import Fields
from common.api.responses import json_response
from common.api.shapes import PUBLIC_AUTH, Limits, problems
from common.api.views import ApiView


class LimitsView(ApiView):
    access = PUBLIC

    @extend_schema(
        operation_id="getLimits",
        tags=["service"],
        summary="Read the rate limits",
        description="Reads and writes are counted apart. Every answer carries RateLimit-Limit, RateLimit-Remaining and "
        "RateLimit-Reset (seconds until the bucket is full again).",
        auth=PUBLIC_AUTH,
        responses={200: Limits, **problems()},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        caller = request.api_caller  # type: ignore[attr-defined]
        buckets: list[dict[str, Any]] = []
        for bucket in Bucket:
            rule = gate().rule(caller, bucket)
            cost = "GET, HEAD and OPTIONS cost 1" if bucket is Bucket.READ else "every other request costs 1"
            buckets.append({"bucket": bucket.value, "limit": rule.limit, "window_s": rule.window_s, "cost": cost})
        counted_by = "address" if caller is None else caller.name.partition(":")[0]
        return json_response({"counted_by": counted_by, "buckets": buckets})
