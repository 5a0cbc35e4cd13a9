"""What can be refused about a request before any rule of a market is asked.

In the order of the checks:

RouteUnknown          request.unknown_route           404
MethodNotAllowed      request.method_not_allowed      405
AuthError             401 or 403
    CredentialsMissing    auth.required               401
    CredentialsInvalid    auth.invalid_credentials    401
    KeyExpired            auth.key_expired            401
    KeyRevoked            auth.key_revoked            401
    CsrfFailed            auth.csrf_failed            403
LimitExceeded         limit.exceeded                  429
ScopeMissing          auth.scope_missing              403
PermissionMissing     auth.permission_missing         403
BodyTooLarge          request.body_too_large          413
MediaTypeUnsupported  request.media_type_unsupported  415
JsonMalformed         request.malformed_json          400
RequestInvalid        request.invalid                 422, one entry of ``errors`` for each field at fault
RequestRefused        request.refused                 400, Django would not read it
NotFound              request.not_found               404
Forbidden             request.forbidden               403
ServerUnavailable     server.unavailable              503
ServerFailed          server.error                    500
"""

from typing import ClassVar

from common.errors import DomainError


class RouteUnknown(DomainError):
    code = "request.unknown_route"
    title = "There is no such route."
    status = 404


class MethodNotAllowed(DomainError):
    code = "request.method_not_allowed"
    title = "The route doesn't answer this method."
    status = 405


class AuthError(DomainError):
    """Who asks is not known, or may not ask this."""

    code: ClassVar[str] = "auth.refused"
    status: ClassVar[int] = 401


class CredentialsMissing(AuthError):
    code = "auth.required"
    title = "This needs an API key or a session."


class CredentialsInvalid(AuthError):
    code = "auth.invalid_credentials"
    title = "The credentials aren't valid."


class KeyExpired(AuthError):
    code = "auth.key_expired"
    title = "The API key has expired."


class KeyRevoked(AuthError):
    code = "auth.key_revoked"
    title = "The API key was revoked."


class CsrfFailed(AuthError):
    code = "auth.csrf_failed"
    title = "The CSRF token is missing or wrong."
    status = 403


class ScopeMissing(AuthError):
    code = "auth.scope_missing"
    title = "The API key lacks a scope."
    status = 403


class LimitExceeded(DomainError):
    code = "limit.exceeded"
    title = "Too many requests."
    status = 429


class PermissionMissing(AuthError):
    code = "auth.permission_missing"
    title = "Your role doesn't allow this."
    status = 403


class BodyTooLarge(DomainError):
    code = "request.body_too_large"
    title = "The request is too large."
    status = 413


class MediaTypeUnsupported(DomainError):
    code = "request.media_type_unsupported"
    title = "The body isn't JSON."
    status = 415


class JsonMalformed(DomainError):
    code = "request.malformed_json"
    title = "The body can't be read as JSON."
    status = 400


class RequestInvalid(DomainError):
    code = "request.invalid"
    title = "Some fields have to change."


class RequestRefused(DomainError):
    code = "request.refused"
    title = "The request can't be read."
    status = 400


class NotFound(DomainError):
    code = "request.not_found"
    title = "There is no such thing, or it isn't yours."
    status = 404


class Forbidden(DomainError):
    code = "request.forbidden"
    title = "You may not do this."
    status = 403


class ServerUnavailable(DomainError):
    code = "server.unavailable"
    title = "A part of the site is away."
    status = 503


class ServerFailed(DomainError):
    code = "server.error"
    title = "The site failed."
    status = 500
