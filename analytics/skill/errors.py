"""What may go wrong with profiles, in words for people."""

from common.errors import DomainError


class ProfileInvalid(DomainError):
    code = "profile.invalid"
    title = "The profile can't be kept like this."
    status = 422


class FollowRefused(DomainError):
    code = "follow.refused"
    title = "This can't be followed."
    status = 409
