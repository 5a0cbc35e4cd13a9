"""What is left of a bucket, on every answer under /api/.

Contract   An answer that no view of the API made (a body too long to be read, a broken address, a failure of ours) is
           counted by its address, and tells it as the others do.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponseBase

from common.api.access import Allowance, Bucket, gate

GetResponse = Callable[[HttpRequest], HttpResponseBase]
READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_API: Final = "/api/"
_LIMIT: Final = "RateLimit-Limit"


def tell_limit(response: HttpResponseBase, allowance: Allowance) -> None:
    headers = response.headers
    headers[_LIMIT] = str(allowance.limit)
    headers["RateLimit-Remaining"] = str(allowance.remaining)
    headers["RateLimit-Reset"] = str(allowance.reset_s)


class LimitHeadersMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path.startswith(_API) and _LIMIT not in response.headers:
            known: Allowance | None = getattr(request, "api_allowance", None)
            bucket = Bucket.READ if request.method in READS else Bucket.WRITE
            tell_limit(response, known or gate().spend(request, None, bucket))
        return response
