"""Read the answers of closed markets from their data sources, and propose what they say.

Contract   The source is asked outside of any transaction. Before it is asked, the next attempt is written down, so that
           a process that dies costs one attempt and nothing is asked twice at once. What is clear becomes a proposal
           with the usual challenge window; what isn't after ATTEMPTS_MAX attempts is handed over to staff.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models.functions import Now

from common import clock
from common.errors import DomainError
from common.outgoing.client import Answer, fetch
from common.outgoing.errors import OutgoingFailed, OutgoingRefused
from markets.engine.answers import AnswerUnclear, payouts_for, read_value
from markets.models import AnswerSource, Market
from markets.services.call_staff import call_staff
from markets.services.propose_resolution import propose_resolution
from markets.types import SCALED, MarketKind, MarketStatus

ATTEMPTS_MAX: Final = 8
BATCH_MAX: Final = 10
_FIRST_PAUSE_S: Final = 60
_PAUSE_S_MAX: Final = 3_600
_EVIDENCE_LENGTH_MAX: Final = 2_000


def ask_due_sources() -> int:
    """Ask those whose time has come; safe to run twice at once. How many results were proposed."""
    return sum(_ask(market_id) for market_id in _claimed(clock.now()))


def _claimed(now: datetime) -> list[int]:
    with transaction.atomic():
        due = AnswerSource.objects.filter(ask_at__lte=Now()).order_by("ask_at")
        sources = list(due.select_for_update(skip_locked=True)[:BATCH_MAX])
        for source in sources:
            pause_s = min(_FIRST_PAUSE_S * 2**source.attempts, _PAUSE_S_MAX)
            source.attempts, source.asked_at = source.attempts + 1, now
            source.ask_at = now + timedelta(seconds=pause_s)
            source.save(update_fields=["attempts", "asked_at", "ask_at"])
    return [source.market_id for source in sources]


def _ask(market_id: int) -> bool:
    source = AnswerSource.objects.select_related("market").get(pk=market_id)
    market = source.market
    if market.status != MarketStatus.CLOSED or market.is_staff_turn:
        AnswerSource.objects.filter(pk=market_id).update(ask_at=None)
        return False
    try:
        answer = _fetched(source)
        value = read_value(answer.body, source.pointer)
        _propose(market, source, answer, value)
    except (OutgoingFailed, OutgoingRefused, AnswerUnclear, DomainError) as problem:
        _note_failure(source, str(getattr(problem, "detail", problem)))
        return False
    return True


def _fetched(source: AnswerSource) -> Answer:
    answer = fetch("GET", source.url, headers={"Accept": "application/json"})
    if not answer.is_success:
        raise AnswerUnclear(f"The source answers with status {answer.status}.")
    if answer.is_cut:
        raise AnswerUnclear("The answer is too long.")
    return answer


def _propose(market: Market, source: AnswerSource, answer: Answer, value: str) -> None:
    """The proposal and its evidence, together."""
    names = dict(market.outcomes.order_by("index").values_list("slug", "name"))
    kind = MarketKind(market.kind)
    payouts = payouts_for(kind, source.rule, value, names)
    with transaction.atomic():
        propose_resolution(
            market_id=market.pk,
            actor_id=None,
            payouts=payouts,
            value=value if kind in SCALED else "",
            reason=f"Read at {source.pointer or 'the top'} of {source.url}: {value[:200]}",
        )
        AnswerSource.objects.filter(pk=market.pk).update(
            ask_at=None, failure="", value=value[:500], evidence=_excerpt(answer.body, value)
        )


def _excerpt(body: bytes, value: str) -> str:
    """The part of the answer around the value, without what no page can show."""
    text = body.decode("utf-8", "replace").replace("\x00", "\ufffd")
    start = max(text.find(value) - _EVIDENCE_LENGTH_MAX // 2, 0)
    return text[start : start + _EVIDENCE_LENGTH_MAX]


def _note_failure(source: AnswerSource, failure: str) -> None:
    is_last = source.attempts >= ATTEMPTS_MAX
    changes = {"failure": failure[:_EVIDENCE_LENGTH_MAX], **({"ask_at": None} if is_last else {})}
    AnswerSource.objects.filter(pk=source.pk).update(**changes)
    if is_last:
        call_staff(market_id=source.market_id, reason=f"The data source can't be read: {failure[:500]}")
