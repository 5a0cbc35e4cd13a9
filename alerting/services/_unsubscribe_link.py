"""The link in a letter that ends letters of its kind, without signing in.

Contract   It is about one person and one kind, and nobody can make one without the site's key. It never lapses: an old
           letter must still be able to stop new ones. Opening it changes nothing; its button, and the mail program's,
           do.
"""

from typing import Final, NamedTuple

from django.conf import settings
from django.core.signing import BadSignature, Signer

#: The kind of digests, beside those of notices.
DIGEST: Final = "digest"
_SALT: Final = "alerting.unsubscribe"


class Unsubscription(NamedTuple):
    user_id: int
    kind: str


def unsubscribe_url(user_id: int, kind: str) -> str:
    return f"{settings.PUBLIC_URL}/notifications/unsubscribe/{Signer(salt=_SALT).sign_object([user_id, kind])}"


def read_unsubscription(token: str) -> Unsubscription | None:
    """None for one that isn't ours."""
    try:
        user_id, kind = Signer(salt=_SALT).unsign_object(token)
    except (BadSignature, ValueError):
        return None
    return Unsubscription(int(user_id), str(kind))
