"""What one has earned, as a part of the portfolio."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from analytics.skill.selectors.own_profit import OwnProfit, Span, own_profit
from analytics.skill.web.drawing import History, history

_WORDS = {Span.DAY: gettext_lazy("Day"), Span.MONTH: gettext_lazy("Month"), Span.ALL: gettext_lazy("All")}


@dataclass(frozen=True, slots=True)
class ProfitContext:
    span: Span
    spans: tuple[tuple[Span, str], ...]
    found: OwnProfit
    drawn: History | None


@require_safe
@login_required
def profit(request: HttpRequest) -> HttpResponse:
    assert request.user.pk is not None
    asked = request.GET.get("span", "")
    span = Span(asked) if asked in tuple(Span) else Span.MONTH
    found = own_profit(request.user.pk, span)
    context = ProfitContext(
        span, tuple((one, str(words)) for one, words in _WORDS.items()), found, history(found.points)
    )
    return render(request, "skill/profit.html", {"page": context, "current_topic": None})
