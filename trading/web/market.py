"""The market page, and the parts of it that scripts fetch again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from common.languages import outcome_word
from markets.selectors.early_close import Halt, close_reason, newest_halt
from markets.selectors.scales import value_text
from markets.types import OverrideKind
from trading.selectors.accounts import AccountView
from trading.selectors.books import BookView, book_view
from trading.selectors.market_cards import OutcomeView
from trading.selectors.market_detail import MarketDetail, market_detail
from trading.selectors.orders import OrderRow
from trading.selectors.positions import PositionView
from trading.selectors.trades import TradeView, trades
from trading.web.comments import CommentForm, CommentsPart, comments_part
from trading.web.committee_part import CommitteePart, committee_part
from trading.web.crawlers import site_of
from trading.web.distribution import Distribution, distribution
from trading.web.drawing import Line
from trading.web.drawn_lines import drawn_lines
from trading.web.forms import TicketForm, new_client_order_id
from trading.web.ladder import Ladder, ladder
from trading.web.lifecycle_forms import LifecycleForm, VoteForm, offered_forms
from trading.web.limits import limited
from trading.web.linked_data import linked_data
from trading.web.maker_forms import MakerForm, MakerPart, maker_part
from trading.web.own_account import own_account, own_part_of
from trading.web.previews import Preview
from trading.web.verdict import Verdict, value_words, verdict_of

_TRADES: Final = 20
_BOOK_DEPTH: Final = 200
#: Trading goes on, or will when the halt is over.
_TRADABLE: Final = {"draft", "open", "halted"}


@dataclass(frozen=True, slots=True)
class Mine:
    """The reader's own part of the page; ``None`` accounts are visitors."""

    account: AccountView | None
    positions: tuple[PositionView, ...]
    orders: tuple[OrderRow, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One moment in the life of the market."""

    label: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class MarketContext:
    market: MarketDetail
    ended_at: datetime | None
    verdict: Verdict | None
    halt: Halt | None
    payouts: tuple[tuple[str, int], ...]
    proposed: tuple[tuple[str, int], ...]
    outcome: OutcomeView
    ranked: tuple[OutcomeView, ...]
    spark: Line | None
    ladder: Ladder
    trades: tuple[TradeView, ...]
    mine: Mine
    steps: tuple[Step, ...]
    form: TicketForm
    preview: Preview | None
    lifecycle: tuple[LifecycleForm, ...]
    committee: CommitteePart | None
    maker: MakerPart
    distribution: Distribution | None
    value: str
    comments: CommentsPart
    data: dict[str, Any]
    address: str
    linked: SafeString


@gzip_page
@require_safe
@limited
def market(request: HttpRequest, slug: str) -> HttpResponse:
    detail = access_market(request, slug)
    return render_market(request, detail, new_ticket(request, detail))


@gzip_page
@require_safe
@limited
def market_mine(request: HttpRequest, slug: str) -> HttpResponse:
    """The reader's position and orders, for scripts."""
    detail = access_market(request, slug)
    return render(request, "trading/_market_mine.html", {"market": detail, "mine": _mine(request, detail.id)})


@gzip_page
@require_safe
@limited
def market_trades(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest trades, for scripts."""
    detail = access_market(request, slug)
    page = trades(detail.id, limit=_TRADES)
    return render(request, "trading/_market_trades.html", {"market": detail, "trades": page.items})


def access_market(request: HttpRequest, slug: str) -> MarketDetail:
    """The market, or 404: a draft exists for its creator and for staff only."""
    detail = None if "\0" in slug else market_detail(slug)
    if detail is None or (detail.status == "draft" and not _may_see_draft(request, detail)):
        raise Http404
    return detail


def new_ticket(request: HttpRequest, detail: MarketDetail) -> TicketForm:
    """The ticket as a link asks for it."""
    return TicketForm(initial=_initial(request, detail), market=detail)


def _may_see_draft(request: HttpRequest, detail: MarketDetail) -> bool:
    return request.user.is_authenticated and (request.user.is_staff or request.user.pk == detail.creator_id)


def render_market(
    request: HttpRequest,
    detail: MarketDetail,
    form: TicketForm,
    *,
    preview: Preview | None = None,
    sent: LifecycleForm | None = None,
    maker: MakerForm | None = None,
    comment_form: CommentForm | None = None,
    creation: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """``creation``: what stands above the preview of a market that its creator is making."""
    comments = comments_part(request, detail.id, form=comment_form)
    context = _context(request, detail, form, preview, sent, maker_part(request, detail, maker), comments)
    template = "trading/market.html" if creation is None else "markets/create/preview.html"
    names = {"page": context, "current_topic": detail.topic, "creation": creation}
    return render(request, template, names, status=status)


def _context(
    request: HttpRequest,
    detail: MarketDetail,
    form: TicketForm,
    preview: Preview | None,
    sent: LifecycleForm | None,
    maker: MakerPart,
    comments: CommentsPart,
) -> MarketContext:
    halt = newest_halt(detail.id, detail.seq) if detail.status == "halted" else None
    committee = committee_part(request, detail, sent if isinstance(sent, VoteForm) else None)
    chosen = next((o for o in detail.outcomes if o.slug == form["outcome"].value()), detail.outcomes[0])
    return MarketContext(
        market=detail,
        ended_at=None if detail.status in _TRADABLE else detail.closed_at or detail.resolved_at or detail.closes_at,
        verdict=verdict_of(detail),
        halt=halt,
        payouts=_payouts(detail, detail.payouts),
        proposed=_payouts(detail, detail.proposed_payouts),
        outcome=chosen,
        ranked=_ranked(detail),
        spark=drawn_lines((detail.id,)).get(detail.id),
        ladder=_ladder(book_view(detail.id, depth=_BOOK_DEPTH), detail, chosen),
        trades=trades(detail.id, limit=_TRADES).items,
        mine=_mine(request, detail.id),
        steps=_steps(detail, halt, committee),
        form=form,
        preview=preview,
        lifecycle=offered_forms(request, detail, None if isinstance(sent, VoteForm) else sent),
        committee=committee,
        maker=maker,
        distribution=distribution(detail),
        value=""
        if detail.resolved_value is None
        else value_words(detail.kind, value_text(detail.kind, detail.resolved_value)),
        comments=comments,
        data=_data(request, detail),
        address=_address(request, detail),
        linked=linked_data(detail, _address(request, detail)),
    )


def _address(request: HttpRequest, detail: MarketDetail) -> str:
    return f"{site_of(request)}/markets/{detail.slug}"


def _ranked(detail: MarketDetail) -> tuple[OutcomeView, ...]:
    """Likeliest first; buckets of a scale stay in its order."""
    if detail.scale is not None:
        return tuple(detail.outcomes)
    return tuple(sorted(detail.outcomes, key=lambda o: -(o.price or 0)))


def _ladder(book: BookView | None, detail: MarketDetail, outcome: OutcomeView) -> Ladder:
    own = None if book is None else book.outcomes[outcome.index]
    liquidity = detail.liquidity if detail.is_open else 0
    return ladder(own.bids if own else (), own.asks if own else (), price=outcome.price, liquidity=liquidity)


def _mine(request: HttpRequest, market_id: int) -> Mine:
    own = own_part_of(request, market_id)
    return Mine(None, (), ()) if own is None else Mine(own_account(request), own.positions, own.orders)


def _initial(request: HttpRequest, detail: MarketDetail) -> dict[str, str]:
    """What a link asks for (``?outcome=no&side=sell``), if it makes sense."""
    slugs = {outcome.slug for outcome in detail.outcomes}
    asked = request.GET.get("outcome", "")
    return {
        "outcome": asked if asked in slugs else detail.leader.slug,
        "side": "sell" if request.GET.get("side") == "sell" else "buy",
        "type": "market",
        "time_in_force": "gtc",
        "client_order_id": new_client_order_id(),
    }


def _payouts(detail: MarketDetail, ticks: tuple[int, ...] | None) -> tuple[tuple[str, int], ...]:
    """What a share of each outcome pays: ticks, the worthless ones left out."""
    return tuple((outcome_word(o.name), paid) for o, paid in zip(detail.outcomes, ticks or (), strict=False) if paid)


def _close_reason(detail: MarketDetail, committee: CommitteePart | None) -> str:
    """What whoever ended trading before its time said; known already when a committee was read."""
    if detail.closed_at is None or detail.closed_at >= detail.closes_at:
        return ""
    return close_reason(detail.id) if committee is None else committee.close_reason


def _steps(detail: MarketDetail, halt: Halt | None, committee: CommitteePart | None) -> tuple[Step, ...]:
    known = (
        # An imported market was opened before it was created here.
        (
            gettext("Created"),
            min(detail.created_at, detail.opened_at or detail.created_at),
            gettext("by %(name)s") % {"name": detail.creator},
        ),
        (gettext("Opened for trading"), detail.opened_at, ""),
        (gettext("Trading halted"), halt.at if halt else None, halt.reason if halt else ""),
        (
            gettext("Trading ended") if detail.closed_at else gettext("Trading ends"),
            detail.closed_at or detail.closes_at,
            _close_reason(detail, committee),
        ),
        (
            gettext("Outcome proposed"),
            detail.proposed_at,
            gettext("by %(name)s") % {"name": detail.proposer} if detail.proposer else "",
        ),
        (
            gettext("Disputed"),
            detail.disputed_at,
            gettext("by %(name)s") % {"name": detail.disputer} if detail.disputer else "",
        ),
        (gettext("Objections until"), None if detail.dispute_reason else detail.challenge_ends_at, ""),
        (
            gettext("Void, everyone refunded") if detail.status == "void" else gettext("Resolved"),
            detail.resolved_at,
            "",
        ),
        (gettext("Paid out"), detail.settled_at, ""),
    )
    told = [Step(label, at, note) for label, at, note in known if at is not None]
    # To the second: what follows at once from a decision keeps its place before the reason.
    return tuple(sorted((*told, *_overridden(detail)), key=lambda step: step.at.replace(microsecond=0)))


def _overridden(detail: MarketDetail) -> Iterator[Step]:
    """What operators decided in pairs, and why."""
    labels = {
        OverrideKind.UNDO: gettext("Result taken back"),
        OverrideKind.RESOLVE: gettext("Result set by operators"),
        OverrideKind.VOID: gettext("Declared void by operators"),
    }
    for one in detail.overrides:
        names = {"asked_by": one.asked_by, "agreed_by": one.agreed_by, "reason": one.reason}
        note = gettext("by %(asked_by)s and %(agreed_by)s: %(reason)s") % names
        yield Step(labels[OverrideKind(one.kind)], one.at, note)


def _data(request: HttpRequest, detail: MarketDetail) -> dict[str, Any]:
    """What the page's script has to know."""
    return {
        "id": detail.id,
        "slug": detail.slug,
        "seq": detail.seq,
        "is_binary": detail.is_binary,
        "is_scaled": detail.scale is not None,
        "is_open": detail.is_open,
        "is_signed_in": request.user.is_authenticated,
        "liquidity": detail.liquidity,
        "maker_fee_bps": detail.maker_fee_bps,
        "created_at": (detail.opened_at or detail.created_at).isoformat(),
        "outcomes": [{"slug": o.slug, "name": outcome_word(o.name), "price": o.price} for o in detail.outcomes],
    }
