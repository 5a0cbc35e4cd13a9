"""What this product can refuse.

FeedInvalid      feed.invalid         422   a field of a feed that can't be kept
FeedUnreadable   (internal)            what an address answered is no feed; kept with the feed
"""

from common.errors import DomainError


class FeedInvalid(DomainError):
    code = "feed.invalid"
    title = "The feed can't be kept like this."


class FeedUnreadable(Exception):
    """The answer is no RSS or Atom; the message says why."""
