"""Tell those concerned what a moderator has decided.

Contract   The case is marked as told in the transaction that tells, so that each is told once whatever fails.
Bound      ``CASES_MAX`` cases a look; the next look takes the rest.
"""

from typing import Final

from django.db import transaction

from alerting.engine.notices_of_cases import to_author, to_reporters
from alerting.engine.words import Text, Words
from alerting.models import NoticeKind
from alerting.services._telling import tell
from markets.services.decide_case import take_untold
from markets.types import CaseKind, DecidedCase

CASES_MAX: Final = 50


def tell_of_cases() -> int:
    """How many decisions were told."""
    with transaction.atomic():
        found = take_untold(CASES_MAX)
        for case in found:
            _tell(case)
    return len(found)


def _tell(case: DecidedCase) -> None:
    said = to_reporters(case.decision.value, case.reason)
    if case.reporters and said is not None:
        title = Words("case.report", {"question": case.question})
        _send(list(case.reporters), f"case:{case.case_id}", title, said, _path(case))
    words = to_author(case.kind.value, case.decision.value, case.reason)
    if words is not None:
        _send([case.author_id], f"case:{case.case_id}:author", case.question, words, _path(case))


def _send(people: list[int], key: str, title: Text, text: Text, path: str) -> None:
    tell(people, kind=NoticeKind.MODERATION, key=key, title=title, text=text, path=path)


def _path(case: DecidedCase) -> str:
    # A declined draft has no public page, and its plan is found among what its creator has begun.
    if case.kind is CaseKind.APPROVAL and case.decision.value == "decline":
        return "/create"
    comment = f"#comment-{case.comment_id}" if case.comment_id else ""
    return f"/markets/{case.market_slug}{comment}"
