"""How amounts, prices and times read on pages; exact values stay in titles and in the API."""

from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from common.clock import now, rfc3339
from common.languages import dated, outcome_word, percent_of, said, with_sign, written
from common.money import CASH_SCALE, PRICE_SCALE, QUANTITY_SCALE, format_cash, format_quantity
from trading.selectors.market_cards import MarketCard
from trading.selectors.positions import PositionView

register = template.Library()

MINUS = "\N{MINUS SIGN}"
NONE = "\N{EN DASH}"
_PPM = 1_000_000
_SPANS = (
    (31_536_000, gettext_lazy("%(count)s y")),
    (2_592_000, gettext_lazy("%(count)s mo")),
    (86_400, gettext_lazy("%(count)s d")),
    (3_600, gettext_lazy("%(count)s h")),
    (60, gettext_lazy("%(count)s min")),
    (0, gettext_lazy("%(count)s s")),
)
_STATUS = {
    "draft": gettext_lazy("Draft"),
    "open": gettext_lazy("Open"),
    "halted": gettext_lazy("Halted"),
    "closed": gettext_lazy("Closed"),
    "proposed": gettext_lazy("Proposed"),
    "disputed": gettext_lazy("Disputed"),
    "resolved": gettext_lazy("Resolved"),
    "void": gettext_lazy("Void"),
}

_SIDES = {"buy": gettext_lazy("Buy"), "sell": gettext_lazy("Sell")}
_LEDGER = {
    "grant": gettext_lazy("Grant"),
    "subsidy": gettext_lazy("Subsidy"),
    "trade": pgettext_lazy("statement", "Trade"),
    "mint": gettext_lazy("Mint"),
    "merge": gettext_lazy("Merge"),
    "settlement": gettext_lazy("Settlement"),
    "void": gettext_lazy("Void"),
    "fees": gettext_lazy("Fees"),
    "convert": gettext_lazy("Convert"),
    "liquidity": gettext_lazy("Liquidity"),
}


def _rounded(value: int, scale: int, places: int) -> str:
    number = (Decimal(abs(value)) / scale).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    sign = MINUS if value < 0 and number else ""
    return f"{sign}{number:,}"


@register.filter
def part_percent(part: float) -> str:
    """``0.4753`` as ``47.5%``."""
    return percent_of(f"{part * 100:.1f}")


@register.filter
def unlocalized(number: float) -> str:
    """A coordinate of a drawing."""
    return f"{number:g}"


@register.filter
def percent(ppm: int | None) -> str:
    """Price in 1/1,000,000 as people say it: ``624000`` -> ``62%``; only the ends get a decimal."""
    if ppm is None:
        return NONE
    if 0 < ppm < 10_000 or 990_000 < ppm < _PPM:
        return percent_of(f"{min(max(ppm / 10_000, 0.1), 99.9):.1f}")
    return percent_of(_rounded(ppm, 10_000, 0))


@register.filter
def price(ticks: int | None) -> str:
    """Price in ticks, in cents of a credit: ``6240`` -> ``62.4¢``."""
    if ticks is None:
        return NONE
    return with_sign(_rounded(ticks, PRICE_SCALE // 100, 1).removesuffix(".0"), "¢")


@register.filter
def credits(units: int | None) -> str:
    """Cash units with two places: ``3000000000`` -> ``30.00``."""
    return NONE if units is None else written(_rounded(units, CASH_SCALE, 2))


@register.filter
def credits_short(units: int | None) -> str:
    """Volumes: ``1.2k``, ``3.4M``; whole credits below a thousand."""
    if units is None:
        return NONE
    whole = units // CASH_SCALE
    for scale, suffix in ((1_000_000_000, gettext("B")), (1_000_000, gettext("M")), (1_000, gettext("k"))):
        if whole >= scale:
            return written(_rounded(whole, scale, 1).removesuffix(".0")) + suffix
    return str(whole)


@register.filter
def credits_exact(units: int | None) -> str:
    return "" if units is None else said(format_cash(units))


@register.filter
def credits_plain(units: int | None) -> str:
    """For scripts."""
    return "" if units is None else format_cash(units)


@register.filter
def quantity(lots: int | None) -> str:
    """Shares with at most two places: ``591262`` -> ``59.13``."""
    return NONE if lots is None else written(_rounded(lots, QUANTITY_SCALE, 2).removesuffix(".00"))


@register.filter
def quantity_exact(lots: int | None) -> str:
    return "" if lots is None else said(format_quantity(lots))


@register.filter
def signed_credits(units: int | None) -> SafeString | str:
    """Profit: with sign, and coloured by the direction."""
    if units is None:
        return NONE
    return _signed(units, written(_rounded(abs(units), CASH_SCALE, 2)))


@register.filter
def signed_points(ppm: int | None) -> SafeString | str:
    """Change of a price in percentage points with arrow: ``▲ 2.4``."""
    if ppm is None:
        return ""
    text = _rounded(abs(ppm), 10_000, 1)
    if text == "0.0":
        return format_html('<span class="muted num" title="{}">± 0</span>', gettext("No change"))
    text = written(text)
    up, down = gettext("Up %(points)s percentage points"), gettext("Down %(points)s percentage points")
    arrow, name, words = ("▲", "up", up) if ppm > 0 else ("▼", "down", down)
    return format_html('<span class="{} num" title="{}">{} {}</span>', name, words % {"points": text}, arrow, text)


def _signed(value: int, text: str) -> SafeString:
    if value == 0:
        return format_html('<span class="num">{}</span>', text)
    name, sign = ("good", "+") if value > 0 else ("bad", MINUS)
    return format_html('<span class="{} num">{}{}</span>', name, sign, text)


def _span(seconds: float) -> str:
    length, words = next(one for one in _SPANS if seconds >= one[0])
    return str(words) % {"count": int(seconds // (length or 1))}


@register.filter
def ago(moment: datetime | None) -> SafeString | str:
    """``5 min ago`` or ``in 3 d``, with the exact time on hover."""
    if moment is None:
        return ""
    seconds = (now() - moment).total_seconds()
    if 0 <= seconds < 1:
        return _time(moment, gettext("just now"))
    words = gettext("%(span)s ago") if seconds > 0 else gettext("in %(span)s")
    return _time(moment, words % {"span": _span(abs(seconds))})


@register.filter
def left(moment: datetime | None) -> SafeString | str:
    """``3 d left``, or ``ended``."""
    if moment is None:
        return ""
    seconds = (moment - now()).total_seconds()
    return _time(moment, gettext("%(span)s left") % {"span": _span(seconds)} if seconds > 0 else gettext("ended"))


def _time(moment: datetime, text: str) -> SafeString:
    title = dated(timezone.localtime(moment), "d M Y, H:i:s T")
    return format_html('<time datetime="{}" title="{}">{}</time>', rfc3339(moment), title, text)


@register.filter
def outcome_class(index: int) -> str:
    """Colour of an outcome of a binary market: yes is 0, no is 1."""
    return "no" if index == 1 else "yes"


@register.filter
def cents(ppm: int | None) -> str:
    """Price in 1/1,000,000 as a button shows it: ``624000`` -> ``62.4¢``."""
    return NONE if ppm is None else with_sign(_rounded(ppm, 10_000, 1).removesuffix(".0"), "¢")


@register.filter
def cents_value(ticks: int) -> str:
    """Price in ticks as a form takes it: ``6250`` -> ``62.5``."""
    return said(f"{Decimal(ticks) / (PRICE_SCALE // 100):f}")


@register.filter
def bar_width(ppm: int | None) -> str:
    """Width of a bar from 0 to 100; anything above nothing stays visible."""
    return "0" if not ppm else f"{max(ppm / 10_000, 1):.1f}"


@register.filter
def status_word(status: str) -> str:
    """A market's state for people, without its result."""
    return str(_STATUS.get(status, status.capitalize()))


@register.filter
def status_words(market: MarketCard) -> str:
    """The state of a market for people: ``Resolved: Yes``."""
    if market.status != "resolved" or market.payouts is None:
        return status_word(market.status)
    winners = [
        outcome_word(outcome.name) for outcome in market.outcomes if market.payouts[outcome.index] == PRICE_SCALE
    ]
    return gettext("Resolved: %(outcome)s") % {"outcome": winners[0]} if winners else gettext("Resolved in part")


@register.filter
def basis_points(value: int) -> str:
    return percent_of(_rounded(value, 100, 2).rstrip("0").rstrip("."))


@register.filter
def free_shares(position: PositionView) -> str:
    """Shares that no open order has reserved, exact."""
    return format_quantity(position.quantity - position.held)


@register.filter
def side_word(side: str) -> str:
    return str(_SIDES.get(side, side))


@register.filter
def ledger_word(kind: str) -> str:
    """What moved the credits of a line of the statement."""
    return str(_LEDGER.get(kind, kind.title()))
