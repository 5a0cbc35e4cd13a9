"""Tell people what happened to the locks of their accounts.

Contract   A fact is marked as told in the transaction that tells, so that each is told once whatever fails. Changes of
           factors, passwords and addresses have letters of their own; a sign-in by a new browser has this one.
Bound      ``FACTS_MAX`` facts a look; the next look takes the rest.
"""

from typing import Final

from django.db import transaction

from accounts.services.note_security import Told, take_untold
from accounts.types import SecurityChange
from alerting.engine.words import Words
from alerting.models import NoticeKind
from alerting.services._telling import tell

FACTS_MAX: Final = 100
PATH: Final = "/accounts/settings/#sessions"


def tell_of_security() -> int:
    """How many facts were told."""
    with transaction.atomic():
        found = take_untold(FACTS_MAX)
        for fact in found:
            _tell(fact)
    return len(found)


def _tell(fact: Told) -> None:
    tell(
        [fact.user_id],
        kind=NoticeKind.SECURITY,
        key=f"security:{fact.fact_id}",
        title=Words(f"security.{fact.change.value}"),
        text=Words("security.client", {"client": fact.detail}) if fact.detail else Words("security.advice"),
        path=PATH,
        has_letter=fact.change is SecurityChange.SIGN_IN,
    )
