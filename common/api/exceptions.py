"""From whatever was raised to one problem document."""

import logging
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework.exceptions import APIException, NotAuthenticated, ParseError, UnsupportedMediaType
from rest_framework.exceptions import MethodNotAllowed as DrfMethodNotAllowed

from common.api.errors import (
    BodyTooLarge,
    CredentialsMissing,
    Forbidden,
    JsonMalformed,
    MediaTypeUnsupported,
    MethodNotAllowed,
    NotFound,
    RequestRefused,
    ServerUnavailable,
)
from common.api.responses import problem_response
from common.errors import DomainError

#: What a view may raise and a caller is told about; anything else is our mistake and a 500.
TOLD = (DomainError, Http404, PermissionDenied, BadRequest, SuspiciousOperation, OperationalError, InterfaceError)
_FIRST_RETRY_S = 1
_log = logging.getLogger(__name__)


def as_refusal(error: Exception) -> DomainError:
    """The refusal that says what ``error``, one of ``TOLD``, means for the caller."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, Http404):
        return NotFound("Check the id; what belongs to somebody else is not shown.")
    if isinstance(error, PermissionDenied):
        return Forbidden("Your role doesn't allow this.")
    if isinstance(error, RequestDataTooBig):
        return BodyTooLarge("Send a shorter body.")
    if isinstance(error, OperationalError | InterfaceError):
        _log.error("A statement of the API failed.", exc_info=error)
        detail = (
            "The database is busy or away. Nothing was changed, or repeat with the same client_order_id to be sure."
        )
        return ServerUnavailable(detail, extra={"retry_after": _FIRST_RETRY_S})
    return RequestRefused("Check the address, headers and encoding of the request.")


def drf_exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """For plain views of REST framework; the views of this site are ``ApiView``s."""
    request: HttpRequest = context["request"]._request
    if isinstance(error, TOLD):
        return problem_response(as_refusal(error), request)
    if isinstance(error, APIException):
        return problem_response(_from_drf(error), request)
    return None


def _from_drf(error: APIException) -> DomainError:
    if isinstance(error, DrfMethodNotAllowed):
        return MethodNotAllowed("Look the route up in the API documentation.")
    if isinstance(error, ParseError):
        return JsonMalformed("Send one JSON object in UTF-8.")
    if isinstance(error, UnsupportedMediaType):
        return MediaTypeUnsupported("Send Content-Type: application/json.")
    if isinstance(error, NotAuthenticated):
        return CredentialsMissing("Send Authorization: Bearer and an API key, or sign in.")
    return RequestRefused("Check the request against the API documentation.")
