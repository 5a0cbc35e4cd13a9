"""The data source that a draft names: checked, kept, and asked from the close on."""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings

from common.errors import FieldError
from common.outgoing.client import check_address
from common.outgoing.errors import OutgoingRefused
from markets.engine.answers import check_pointer, check_rule
from markets.errors import MarketInvalid
from markets.models import AnswerSource, Market
from markets.types import AnswerSpec, MarketKind, MarketSpec, ResolutionPolicy

DELAY_S_MAX: Final = 30 * 86_400


def store_source(market: Market, spec: MarketSpec) -> None:
    """Keep what ``spec`` says, after the outcomes were stored. Raises ``MarketInvalid``."""
    AnswerSource.objects.filter(market=market).delete()
    source = spec.answer_source
    if source is None:
        if spec.resolution_policy is ResolutionPolicy.SOURCE:
            raise _invalid("", "A market that a data source resolves needs answer_source.")
        return
    if spec.resolution_policy is not ResolutionPolicy.SOURCE:
        raise _invalid("", "Leave answer_source out, or choose the resolution policy source.")
    slugs = list(market.outcomes.order_by("index").values_list("slug", flat=True))
    _check(source, spec.kind, slugs)
    AnswerSource.objects.create(
        market=market, url=source.url, pointer=source.pointer, rule=source.rule, delay_s=source.delay_s
    )


def begin_asking(market: Market, at: datetime) -> None:
    """The market has closed."""
    if market.resolution_policy == ResolutionPolicy.SOURCE:
        for source in AnswerSource.objects.filter(market=market):
            source.ask_at = at + timedelta(seconds=source.delay_s)
            source.save(update_fields=["ask_at"])


def _check(source: AnswerSpec, kind: MarketKind, slugs: list[str]) -> None:
    try:
        check_address(source.url)
    except OutgoingRefused as refusal:
        raise _invalid("/url", refusal.detail) from refusal
    # Whoever can change it on its way would name the result.
    if not source.url.startswith("https://") and urlsplit(source.url).netloc not in settings.OUTGOING_ALLOWED_HOSTS:
        raise _invalid("/url", "The URL must begin with https://.")
    try:
        check_pointer(source.pointer)
    except ValueError as problem:
        raise _invalid("/pointer", f"The pointer {problem}.") from problem
    try:
        check_rule(kind, source.rule, slugs)
    except ValueError as problem:
        raise _invalid("/rule", f"The rule {problem}.") from problem
    if len(source.pointer) > 500 or len(source.rule) > 20_000 or not 0 <= source.delay_s <= DELAY_S_MAX:
        raise _invalid("", f"The pointer or rule is too long, or delay_s isn't 0 to {DELAY_S_MAX}.")


def _invalid(pointer: str, detail: str) -> MarketInvalid:
    error = FieldError(f"/answer_source{pointer}", "market.invalid", detail)
    return MarketInvalid(detail, errors=(error,))
