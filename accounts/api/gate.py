"""The gate of the API: keys and sessions in, callers out, every request counted."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware

from accounts.api.leases import Leases
from accounts.selectors.key_states import KeyState, key_state
from accounts.selectors.keys import user_for_key
from accounts.services.note_key_use import note_key_use
from accounts.types import Limit
from common.api.access import Allowance, Bucket, BucketRule, Caller
from common.api.errors import AuthError, CredentialsInvalid, CsrfFailed, KeyExpired, KeyRevoked
from common.client_ip import client_network

_SAFE: Final = {"GET", "HEAD", "OPTIONS"}
_REFUSALS: Final[dict[KeyState, AuthError]] = {
    KeyState.UNKNOWN: CredentialsInvalid("Check the API key; it isn't one of this site."),
    KeyState.EXPIRED: KeyExpired("Make a new API key; this one has expired."),
    KeyState.REVOKED: KeyRevoked("Make a new API key; this one was revoked."),
    KeyState.SUSPENDED: CredentialsInvalid("The account of this API key is suspended."),
}


class _CsrfCheck(CsrfViewMiddleware):
    """Tells the reason instead of answering with a page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponseForbidden:
        return HttpResponseForbidden(reason)


class AccountsGate:
    """Implements ``common.api.access.Gate``."""

    def __init__(self) -> None:
        self._csrf = _CsrfCheck(lambda request: None)  # type: ignore[arg-type]
        self._leases = Leases()
        self._rules = {
            (bucket, is_known): Limit(f"api-{bucket}{'' if is_known else '-anonymous'}", capacity, window_s)
            for (bucket, is_known), (capacity, window_s) in settings.API_LIMITS.items()
        }

    def caller(self, request: HttpRequest) -> Caller | None:
        header = request.META.get("HTTP_AUTHORIZATION")
        if header is not None:
            return self._key_holder(header)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            self._check_csrf(request)
            user = request.user
            return Caller(user, user.pk, None, f"user:{user.pk}")
        return None

    def spend(self, request: HttpRequest, caller: Caller | None, bucket: Bucket, cost: int = 1) -> Allowance:
        name = caller.name if caller is not None else f"address:{client_network(request)}"
        return self._leases.spend(self._rules[bucket.value, caller is not None], name, cost)

    def rule(self, caller: Caller | None, bucket: Bucket) -> BucketRule:
        limit = self._rules[bucket.value, caller is not None]
        return BucketRule(limit.capacity, int(limit.period_s))

    def _key_holder(self, header: str) -> Caller:
        kind, _, secret = header.partition(" ")
        secret = secret.strip()
        if kind.lower() != "bearer":
            raise CredentialsInvalid("Send Authorization: Bearer and an API key.")
        holder = user_for_key(secret)
        if holder is None:
            raise _REFUSALS[key_state(secret)]
        note_key_use(key_id=holder.key_id)
        return Caller(holder.user, holder.user.pk, holder.scopes, f"key:{holder.key_id}")

    def _check_csrf(self, request: HttpRequest) -> None:
        if request.method in _SAFE:
            return
        self._csrf.process_request(request)
        # A view marked as exempt would skip the check, and all views of the API are.
        refusal = self._csrf.process_view(request, _checked_view, (), {})
        if refusal is not None:
            reason = refusal.content.decode() if isinstance(refusal, HttpResponseForbidden) else ""
            raise CsrfFailed(f"Send the header X-CSRFToken, or use an API key. {reason}")


def _checked_view() -> HttpResponse:
    return HttpResponse()
