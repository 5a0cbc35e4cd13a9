"""What can be refused about people and keys.

UserNotFound        user.not_found
UserActionRefused   user.action_refused
KeyInvalid          key.invalid
KeyNameTaken        key.name_taken
KeyScopeNotAllowed  key.scope_not_allowed
KeyNotFound         key.not_found
TooManyKeys         key.too_many
TooManyAttempts     limit.too_many_attempts
PasswordWrong       account.password_wrong
DeletionRefused     account.deletion_refused
AnnouncementInvalid announcement.invalid
SessionNotFound     session.not_found
"""

from common.errors import DomainError


class UserNotFound(DomainError):
    code = "user.not_found"
    title = "There is no such person."
    status = 404


class UserActionRefused(DomainError):
    code = "user.action_refused"
    title = "This can't be done to the account."
    status = 409


class KeyInvalid(DomainError):
    code = "key.invalid"
    title = "The key can't be made like this."


class KeyNameTaken(DomainError):
    code = "key.name_taken"
    title = "You have a key with this name."
    status = 409


class KeyScopeNotAllowed(DomainError):
    code = "key.scope_not_allowed"
    title = "Your role doesn't allow this scope."
    status = 403


class KeyNotFound(DomainError):
    code = "key.not_found"
    title = "There is no such key."
    status = 404


class TooManyKeys(DomainError):
    code = "key.too_many"
    title = "You have too many keys."
    status = 409


class TooManyAttempts(DomainError):
    """``extra["retry_after"]`` is in whole seconds."""

    code = "limit.too_many_attempts"
    title = "Too many attempts."
    status = 429


class PasswordWrong(DomainError):
    code = "account.password_wrong"
    title = "The password isn't right."
    status = 403


class DeletionRefused(DomainError):
    code = "account.deletion_refused"
    title = "The account can't be deleted yet."
    status = 409


class AnnouncementInvalid(DomainError):
    code = "announcement.invalid"
    title = "The announcement can't be made like this."


class SessionNotFound(DomainError):
    code = "session.not_found"
    title = "You aren't signed in there."
    status = 404
