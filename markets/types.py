"""Words of markets, as plain values."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

YES_NO: Final = ("Yes", "No")
PAYOUT_TOTAL: Final = 10_000

#: The tag of cached lists: dropped when a market or topic comes, goes or changes its state.
MARKET_LISTS: Final = "market-lists"


class MarketKind(StrEnum):
    BINARY = "binary"
    CATEGORICAL = "categorical"
    NUMERIC = "numeric"
    DATE = "date"


#: Kinds whose outcomes are buckets of a scale.
SCALED: Final = (MarketKind.NUMERIC, MarketKind.DATE)


class MarketStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    HALTED = "halted"
    CLOSED = "closed"
    PROPOSED = "proposed"
    DISPUTED = "disputed"
    RESOLVED = "resolved"
    VOID = "void"


class ResolutionPolicy(StrEnum):
    """Who says how a market ends; laid down with its rules."""

    CREATOR = "creator"
    STAFF = "staff"
    COMMITTEE = "committee"
    SOURCE = "source"


class EventKind(StrEnum):
    """Kinds of journal records. Lifecycle kinds are written by ``markets``, the others by ``trading``."""

    CREATED = "created"
    EDITED = "edited"
    OPENED = "opened"
    HALTED = "halted"
    RESUMED = "resumed"
    CLOSED = "closed"
    PROPOSED = "proposed"
    DISPUTED = "disputed"
    RESOLVED = "resolved"
    VOIDED = "voided"
    LIMITS_CHANGED = "limits_changed"
    LIQUIDITY_ADDED = "liquidity_added"
    LIQUIDITY_WITHDRAWN = "liquidity_withdrawn"
    ORDER_PLACED = "order_placed"
    PAIR_PLACED = "pair_placed"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_AMENDED = "order_amended"
    SETS_MINTED = "sets_minted"
    SETS_MERGED = "sets_merged"
    NO_CONVERTED = "no_converted"
    SETTLED = "settled"
    SETTLEMENT_UNDONE = "settlement_undone"
    STAFF_CALLED = "staff_called"
    VOTE_CAST = "vote_cast"


#: Records of commands of traders, which tell what they changed.
COMMAND_KINDS: Final = frozenset(
    {
        EventKind.ORDER_PLACED,
        EventKind.PAIR_PLACED,
        EventKind.ORDER_CANCELLED,
        EventKind.ORDER_AMENDED,
        EventKind.SETS_MINTED,
        EventKind.SETS_MERGED,
        EventKind.NO_CONVERTED,
        EventKind.LIQUIDITY_ADDED,
        EventKind.LIQUIDITY_WITHDRAWN,
    }
)


class Action(StrEnum):
    """What can be done to the lifecycle of a market."""

    OPEN = "open"
    HALT = "halt"
    RESUME = "resume"
    CLOSE = "close"
    PROPOSE = "propose"
    DISPUTE = "dispute"
    CONFIRM = "confirm"
    VOID = "void"


class Party(StrEnum):
    """In what capacity somebody acts on a market. One person can be several of them."""

    SYSTEM = "system"
    CREATOR = "creator"
    OPERATOR = "operator"
    TRADER = "trader"


class OverrideKind(StrEnum):
    """What staff may do to a market only in pairs."""

    RESOLVE = "resolve"
    VOID = "void"
    UNDO = "undo"


class OverrideStatus(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Cadence(StrEnum):
    """How often a series has an event."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"
    IRREGULAR = "irregular"


class ReactionKind(StrEnum):
    """What readers say of a comment with one press; in the order they are shown."""

    AGREE = "agree"
    DISAGREE = "disagree"
    INSIGHTFUL = "insightful"
    THANKS = "thanks"


class CommentStatus(StrEnum):
    """Whether a comment's text is shown; the comment itself stays, so that its replies make sense."""

    SHOWN = "shown"
    DELETED = "deleted"
    HIDDEN = "hidden"


class CaseKind(StrEnum):
    """What moderators look at: a reported comment, a reported market, a new market that waits for approval."""

    COMMENT = "comment"
    MARKET = "market"
    APPROVAL = "approval"


class CaseStatus(StrEnum):
    WAITING = "waiting"
    DECIDED = "decided"


class Decision(StrEnum):
    """What a moderator does about a case."""

    DISMISS = "dismiss"
    HIDE = "hide"
    WARN = "warn"
    SUSPEND = "suspend"
    CLOSE = "close"
    APPROVE = "approve"
    DECLINE = "decline"


#: What can be decided about what, in the order of the page.
DECISIONS: Final = {
    CaseKind.COMMENT: (Decision.DISMISS, Decision.HIDE, Decision.WARN, Decision.SUSPEND),
    CaseKind.MARKET: (Decision.DISMISS, Decision.WARN, Decision.SUSPEND, Decision.CLOSE),
    CaseKind.APPROVAL: (Decision.APPROVE, Decision.DECLINE),
}


class ReportReason(StrEnum):
    """Why somebody reports something."""

    SPAM = "spam"
    ABUSE = "abuse"
    UNCLEAR = "unclear"
    MANIPULATION = "manipulation"
    DUPLICATE = "duplicate"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedCase:
    """What a moderator has decided. ``author_id`` wrote the comment or made the market; ``comment_id`` may be empty."""

    case_id: int
    kind: CaseKind
    market_id: int
    market_slug: str
    question: str
    comment_id: int | None
    author_id: int
    decision: Decision
    reason: str
    reporters: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleSpec:
    """The buckets that somebody wants for a numeric or date market: between all of ``bounds``, or ``buckets`` even
    ones from ``lower`` to ``upper``; ``below`` and ``above`` add open ones. Values are texts, see ``engine.scales``."""

    bounds: tuple[str, ...] = ()
    lower: str = ""
    upper: str = ""
    buckets: int = 0
    unit: str = ""
    below: bool = False
    above: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """Rising bounds of buckets, numbers or numbers of days, with an open bucket at either end if so."""

    bounds: tuple[Decimal, ...]
    unit: str
    is_open_below: bool
    is_open_above: bool


@dataclass(frozen=True, slots=True)
class ScaleSummary:
    """``parts`` are the buckets' probabilities, which sum to 1."""

    mean: Decimal
    median: Decimal
    parts: tuple[float, ...]


#: How long a committee votes unless its market says otherwise.
VOTE_WINDOW_S: Final = 172_800


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSpec:
    """Where the site reads the answer, see ``engine.answers``; ``delay_s`` after the close."""

    url: str
    pointer: str = ""
    rule: str = ""
    delay_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketSpec:
    """What somebody wants a new market to be, before it is checked.

    ``slug`` empty: made from the question. ``outcomes`` empty: yes and no of a binary market.
    Liquidity (``b`` of the maker rule) and grids in 1/10,000; fees in basis points.
    ``source`` names where an imported market comes from; such a market may have closed already.
    ``committee``: handles of its members, who vote for ``vote_window_s`` from the close on.
    ``scale`` is what a numeric or date market asks for; its check fills ``buckets``, and their names ``outcomes``.
    """

    question: str
    rules: str
    topic: str
    closes_at: datetime
    kind: MarketKind = MarketKind.BINARY
    outcomes: tuple[str, ...] = ()
    scale: ScaleSpec | None = None
    buckets: Scale | None = None
    slug: str = ""
    description: str = ""
    resolution_source: str = ""
    tags: tuple[str, ...] = ()
    event_group: str = ""
    source: str = ""
    source_id: str = ""
    liquidity_lots: int = 0
    taker_fee_bps: int = 0
    maker_fee_bps: int = 0
    tick: int = 1
    lot: int = 1
    challenge_window_s: int = 86_400
    resolution_policy: ResolutionPolicy = ResolutionPolicy.CREATOR
    answer_source: AnswerSpec | None = None
    committee: tuple[str, ...] = ()
    vote_window_s: int = VOTE_WINDOW_S


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSpec:
    """What somebody wants a series to be, before it is checked. ``slug`` empty: made from the name."""

    name: str
    cadence: Cadence
    description: str = ""
    slug: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedEvent:
    """An event that was put into a series; ``open_markets``: ids of those of its markets that can be
    traded, and ``makers`` of people who made them."""

    id: int
    series_id: int
    slug: str
    series: str
    event: str
    open_markets: tuple[int, ...]
    makers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ApprovedOverride:
    """What two people of staff want done."""

    market_id: int
    kind: OverrideKind
    payouts: tuple[int, ...]
    value: str
    reason: str
    requested_by: int
    approved_by: int


@dataclass(frozen=True, slots=True)
class JournalRecord:
    """One record to append; ``data`` is JSON text in one line, ``actor_id`` empty for the site itself."""

    kind: EventKind
    at: datetime
    actor_id: int | None
    data: str
