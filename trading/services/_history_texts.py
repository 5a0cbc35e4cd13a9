"""What readers of an imported market are told about where it comes from."""

import hashlib
import re
from typing import Final

from django.utils.text import slugify

from markets.types import MarketSpec
from trading.services._history_plan import MarketPlan

QUESTION_LENGTH_MAX: Final = 240
_LOTS_A_SHARE: Final = 10_000
_PREFIX_LENGTH_MAX: Final = 16
_PLAIN_HANDLE: Final = re.compile(r"[a-z0-9.@+_-]{1,32}", re.ASCII)


def market_spec(plan: MarketPlan, topic: str) -> MarketSpec:
    """The draft of an imported market; it closed when its source says."""
    history = plan.history
    return MarketSpec(
        question=_question(history.question),
        rules=(
            f"Imported from {history.source}, where it was decided; the outcome recorded there is final here. "
            f"Mechanism at the source: {history.mechanism}."
        ),
        description=_description(plan),
        resolution_source=history.source,
        topic=topic,
        tags=("imported", history.source[:40]),
        closes_at=history.closes_at,
        event_group=history.event_group,
        source=history.source,
        source_id=history.source_id,
        liquidity_lots=plan.liquidity_shares * _LOTS_A_SHARE,
        challenge_window_s=0,
    )


def handle_of(plan: MarketPlan, trader_id: str) -> str:
    """The public name of a pseudonymous trader here: ``ml2-d44wd``. Ids that no handle can show, or that differ
    in capitals only, become a short hash."""
    prefix = (slugify(plan.history.event_group or plan.history.source) or "history")[:_PREFIX_LENGTH_MAX]
    handle = f"{prefix}-{trader_id}"
    if _PLAIN_HANDLE.fullmatch(handle):
        return handle
    return f"{prefix}-{hashlib.sha256(trader_id.encode()).hexdigest()[:12]}"


def _question(question: str) -> str:
    return question if len(question) <= QUESTION_LENGTH_MAX else question[: QUESTION_LENGTH_MAX - 1] + "…"


def _description(plan: MarketPlan) -> str:
    history = plan.history
    lines = [
        history.question if len(history.question) > QUESTION_LENGTH_MAX else "",
        f"Source: {history.source}, market {history.source_id}.",
        f"May be shared: {history.licence}." if history.licence else "Licence: not stated by the source.",
        f"Volume at the source: {history.volume}." if history.volume else "",
        "Every trade was replayed here in the order and at the time it was made."
        if plan.liquidity_shares
        else "Only prices are known of this market; nobody traded it here.",
    ]
    return "\n".join(line for line in lines if line)
