"""Pages that live under the API's addresses: the same rules, told the way a browser's reader understands."""

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.views.defaults import permission_denied

from common.api.access import gate
from common.api.errors import AuthError, CredentialsMissing, PermissionMissing
from common.api.views import ApiView


class ApiPageView(ApiView):
    """Without a session it leads to the sign-in and back; without the permission it answers the page of a 403."""

    schema = None
    http_method_names = ["get", "head", "options"]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.method in ("GET", "HEAD"):
            refusal = self._refusal(request)
            if isinstance(refusal, CredentialsMissing):
                return redirect_to_login(request.get_full_path())
            if isinstance(refusal, PermissionMissing):
                return permission_denied(request, PermissionDenied(refusal.detail))
        return super().dispatch(request, *args, **kwargs)

    def _refusal(self, request: Any) -> AuthError | None:
        try:
            caller = gate().caller(request)
            self.check_caller(caller, self.rule_for("GET"))
        except AuthError as refusal:
            return refusal
        return None
