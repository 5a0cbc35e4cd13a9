"""What a caller may ask how often."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import extend_schema

from common.api.access import PUBLIC, Bucket, gate
from common.api.fields import Fields
from common.api.responses import json_response
from common.api.shapes import PUBLIC_AUTH, Limits, problems
from common.api.views import ApiView

_COSTS: Final = {
    Bucket.READ: "GET, HEAD and OPTIONS cost 1.",
    Bucket.WRITE: "Every other request costs 1; in a batch each order that is placed does.",
    Bucket.CANCEL: "Cancelling an order costs 1, cancelling all of them 1; in a batch each that is cancelled does.",
}


class LimitsView(ApiView):
    access = PUBLIC

    @extend_schema(
        operation_id="getLimits",
        tags=["service"],
        summary="Read the rate limits",
        description="Reads, writes and cancels are counted apart. Every answer carries RateLimit-Limit, "
        "RateLimit-Remaining and RateLimit-Reset (seconds until the bucket is full again).",
        auth=PUBLIC_AUTH,
        responses={200: Limits, **problems()},
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        Fields.of_query(request).finish()
        caller = request.api_caller  # type: ignore[attr-defined]
        buckets: list[dict[str, Any]] = []
        for bucket in Bucket:
            rule = gate().rule(caller, bucket)
            rate = {"limit": rule.limit, "window_s": rule.window_s, "cost": _COSTS[bucket]}
            buckets.append({"bucket": bucket.value, **rate})
        counted_by = "address" if caller is None else caller.name.partition(":")[0]
        return json_response({"counted_by": counted_by, "buckets": buckets})
