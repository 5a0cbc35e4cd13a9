"""The one kind of view of the API.

Order      method, credentials, rate limit, scope, then the handler, which parses and acts. The same bad request
           therefore always gets the same refusal.
Why        REST framework's own dispatch negotiates content, versions and renderers for each request, which costs
           more than reading a market; routes, docs and schema still see ordinary ``APIView`` classes.
"""

from collections.abc import Callable
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from rest_framework.views import APIView

from common.api.access import Access, Allowance, Bucket, Caller, gate
from common.api.errors import (
    AuthError,
    CredentialsMissing,
    LimitExceeded,
    MethodNotAllowed,
    PermissionMissing,
    ScopeMissing,
)
from common.api.exceptions import TOLD, as_refusal
from common.api.limit_headers import READS, tell_limit
from common.api.repeating import repeated
from common.api.responses import problem_response

_READS = {"GET", "HEAD", "OPTIONS"}


class ApiRequest(HttpRequest):
    """What handlers get; ``caller`` is set wherever the route isn't public."""

    api_caller: Caller | None
    api_allowance: Allowance | None


class ApiView(APIView):
    """Subclasses declare ``access`` for all methods, or ``access_by_method``. ``buckets`` are those of methods that
    aren't counted as reads and writes are."""

    access: ClassVar[Access | None] = None
    access_by_method: ClassVar[dict[str, Access]] = {}
    buckets: ClassVar[dict[str, Bucket]] = {}
    authentication_classes = []
    permission_classes = []
    throttle_classes = []

    @classmethod
    def rule_for(cls, method: str) -> Access:
        """The declared rule; a route without one answers nobody."""
        found = cls.access_by_method.get(method) or cls.access
        assert found is not None, f"{cls.__name__} declares no access rule"
        return found

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.request, self.args, self.kwargs = request, args, kwargs
        request.api_caller = request.api_allowance = None
        try:
            handler = self._admit(request)
            if request.method in READS:
                response = handler(request, *args, **kwargs)
            else:
                response = repeated(lambda: handler(request, *args, **kwargs))
        except TOLD as error:
            response = problem_response(as_refusal(error), request)
            if response.status_code == 405:
                response.headers["Allow"] = ", ".join(self._methods())
        allowance: Allowance | None = request.api_allowance
        if allowance is not None:
            tell_limit(response, allowance)
        return response

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return HttpResponse(status=204, headers={"Allow": ", ".join(self._methods())})

    def _admit(self, request: Any) -> Callable[..., HttpResponse]:
        method = request.method or ""
        name = "get" if method == "HEAD" else method.lower()
        handler: Callable[..., HttpResponse] | None = (
            getattr(self, name, None) if name in self.http_method_names else None
        )
        bucket = self.buckets.get(method) or (Bucket.READ if method in READS else Bucket.WRITE)
        if handler is None:
            self._count(request, None, bucket)
            raise MethodNotAllowed(f"Use {' or '.join(self._methods())}.")
        if method == "OPTIONS":
            self._count(request, None, bucket)
            return handler
        self._check(request, self.rule_for(name.upper()), bucket)
        return handler

    def _check(self, request: Any, rule: Access, bucket: Bucket) -> None:
        try:
            caller = gate().caller(request)
        except AuthError:
            self._count(request, None, bucket)
            raise
        request.api_caller = caller
        self._count(request, caller, bucket)
        self.check_caller(caller, rule)

    @staticmethod
    def check_caller(caller: Caller | None, rule: Access) -> None:
        """Raises: CredentialsMissing, ScopeMissing, PermissionMissing"""
        if rule.is_public:
            return
        if caller is None:
            raise CredentialsMissing("Send Authorization: Bearer and an API key, or sign in.")
        if not caller.has_scope(rule.scope):
            raise ScopeMissing(f"Make a key with the scope {rule.scope!r}.", extra={"scope": rule.scope})
        if rule.permission and not caller.user.has_perm(rule.permission):
            raise PermissionMissing("Your role doesn't allow this. Ask staff for one that does.")

    def count_more(self, request: Any, cost: int, bucket: Bucket = Bucket.WRITE) -> None:
        """Count a request that asks for several things as so many more.

        Raises: LimitExceeded, and then nothing was counted
        """
        if cost > 0:
            self._count(request, request.api_caller, bucket, cost)

    def _count(self, request: Any, caller: Caller | None, bucket: Bucket, cost: int = 1) -> None:
        allowance = gate().spend(request, caller, bucket, cost)
        request.api_allowance = allowance
        if allowance.retry_after_s is not None:
            detail = f"Wait {allowance.retry_after_s} s. GET /api/v1/limits tells what is allowed."
            raise LimitExceeded(detail, extra={"retry_after": allowance.retry_after_s})

    def _methods(self) -> list[str]:
        names = [name for name in self.http_method_names if name not in ("head", "options") and hasattr(self, name)]
        return [*(name.upper() for name in names), *(["HEAD"] if "get" in names else []), "OPTIONS"]
