"""How scores read on pages."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from common.languages import written

register = template.Library()

_NONE = "\N{EN DASH}"
_MINUS = "\N{MINUS SIGN}"


@register.filter
def score(ppm: int | None) -> str:
    """A mean loss in 1/1,000,000: ``182000`` as ``0.182``."""
    return _NONE if ppm is None else written(f"{ppm / 1_000_000:.3f}")


@register.filter
def score_part(part: float | None) -> str:
    return _NONE if part is None else written(f"{part:.3f}")


@register.filter
def points(ppm: int | None) -> SafeString | str:
    """What was won from the market, in hundredths of a score: with sign, and coloured by the direction."""
    if ppm is None:
        return _NONE
    text = f"{abs(ppm) / 10_000:,.1f}"
    if text == "0.0":
        return format_html('<span class="num">{}</span>', written(text))
    text = written(text)
    name, sign = ("good", "+") if ppm > 0 else ("bad", _MINUS)
    return format_html('<span class="{} num">{}{}</span>', name, sign, text)


@register.filter
def whole_percent(part: float | None) -> str:
    return _NONE if part is None else f"{part * 100:.0f} %"


@register.filter
def span(low: float, high: float) -> str:
    """Two shares of 1 as what lies between them: ``6 to 79 %``."""
    return gettext("%(low)s to %(high)s %%") % {"low": f"{low * 100:.0f}", "high": f"{high * 100:.0f}"}
