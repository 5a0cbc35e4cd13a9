"""What a list of markets was asked for by its address, and the links to ask for something else.

Contract   Every value in ``Asked`` is one that the page knows; odd ones are read as not sent. Links leave out what
           is usual, so that one list has one address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from markets.types import MarketKind
from trading.selectors.market_cards import MarketCard, MarketSort, OutcomeView
from trading.web.drawing import Line
from trading.web.drawn_lines import drawn_lines

_BARS: Final = 3
_QUERY_MAX: Final = 100
SORTS: Final = {
    "trending": (MarketSort.VOLUME_24H, gettext_lazy("Trending")),
    "movers": (MarketSort.MOVE_24H, gettext_lazy("Movers")),
    "closing": (MarketSort.CLOSING, gettext_lazy("Closing soon")),
    "newest": (MarketSort.NEWEST, gettext_lazy("New")),
    "traded": (MarketSort.VOLUME, gettext_lazy("Most traded")),
}
BEST: Final = "best"
STATES: Final = {"open": gettext_lazy("Open"), "resolved": gettext_lazy("Resolved"), "all": gettext_lazy("Any state")}
KINDS: Final = {
    "": gettext_lazy("Any kind"),
    MarketKind.BINARY.value: gettext_lazy("Yes or no"),
    MarketKind.CATEGORICAL.value: gettext_lazy("Several outcomes"),
    MarketKind.NUMERIC.value: gettext_lazy("Number"),
    MarketKind.DATE.value: gettext_lazy("Date"),
}
WITHIN: Final = {
    "": gettext_lazy("Closing any time"),
    "day": gettext_lazy("Within a day"),
    "week": gettext_lazy("Within a week"),
    "month": gettext_lazy("Within a month"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """``path`` is the page; ``topic`` or ``tag`` may come from it instead of from the query."""

    path: str
    q: str
    topic: str
    tag: str
    sort: str
    state: str
    kind: str
    within: str
    series: str = ""

    @property
    def order(self) -> MarketSort:
        return MarketSort.RELEVANCE if self.sort == BEST else SORTS[self.sort][0]

    @property
    def status(self) -> str:
        return "" if self.state == "all" else self.state

    @property
    def is_front(self) -> bool:
        """Nothing was asked for but the page itself."""
        return self.href() == self.path

    def href(self, **changed: str) -> str:
        """The same list with something else."""
        wanted = replace(self, **changed)
        narrowed = {
            "state": "" if wanted.state == "open" else wanted.state,
            "kind": wanted.kind,
            "within": wanted.within,
        }
        return _address(self.path, dict(wanted.kept) | narrowed)

    @property
    def kept(self) -> tuple[tuple[str, str], ...]:
        """What a form that narrows the list sends along, by name."""
        fields = {
            "q": self.q,
            "series": self.series,
            "topic": "" if self.path.startswith("/topics/") else self.topic,
            "tag": "" if self.path.startswith("/tags/") else self.tag,
            "sort": "" if self.sort == usual_sort(self.q) else self.sort,
        }
        return tuple((name, value) for name, value in fields.items() if value)

    def next_href(self, cursor: str) -> str:
        here = self.href()
        return f"{here}{'&' if '?' in here else '?'}{urlencode({'cursor': cursor})}"


@dataclass(frozen=True, slots=True)
class Choice:
    """One link of a filter bar, or one option of a select."""

    label: str
    href: str
    is_current: bool
    value: str = ""


@dataclass(frozen=True, slots=True)
class CardView:
    market: MarketCard
    spark: Line | None
    bars: tuple[OutcomeView, ...]
    more_outcomes: int


def usual_sort(q: str) -> str:
    return BEST if q else "trending"


def asked_of(request: HttpRequest, *, path: str = "/", topic: str = "", tag: str = "") -> Asked:
    q = _text(request, "q", _QUERY_MAX).strip()
    sort = request.GET.get("sort", "")
    is_sort = sort in SORTS or (sort == BEST and q)
    return Asked(
        path=path,
        q=q,
        topic=topic or _text(request, "topic", 60),
        tag=tag or _text(request, "tag", 40),
        sort=sort if is_sort else usual_sort(q),
        state=_one_of(request, "state", STATES, "open"),
        kind=_one_of(request, "kind", KINDS, ""),
        within=_one_of(request, "within", WITHIN, ""),
        series=_text(request, "series", 60),
    )


def sort_choices(asked: Asked) -> tuple[Choice, ...]:
    labels = ({BEST: gettext("Best match")} if asked.q else {}) | {key: str(label) for key, (_, label) in SORTS.items()}
    return tuple(Choice(label, asked.href(sort=key), key == asked.sort, key) for key, label in labels.items())


def select_choices(known: Mapping[str, object], current: str) -> tuple[Choice, ...]:
    """The options of a select; the value of the usual one is empty."""
    return tuple(Choice(str(label), "", key == current, "" if key == "open" else key) for key, label in known.items())


def card_views(cards: tuple[MarketCard, ...]) -> tuple[CardView, ...]:
    """Cards with a week's line each."""
    lines = drawn_lines(tuple(card.id for card in cards if card.is_binary))
    return tuple(_card(card, lines.get(card.id)) for card in cards)


def _card(market: MarketCard, spark: Line | None) -> CardView:
    ranked = sorted(market.outcomes, key=lambda outcome: -(outcome.price or 0))
    bars = () if market.is_binary else tuple(ranked[:_BARS])
    return CardView(market, spark, bars, len(market.outcomes) - len(bars))


def _text(request: HttpRequest, name: str, length_max: int) -> str:
    return request.GET.get(name, "").replace("\0", "")[:length_max]


def _one_of(request: HttpRequest, name: str, known: Mapping[str, object], usual: str) -> str:
    value = request.GET.get(name, usual)
    return value if value in known else usual


def _address(path: str, fields: dict[str, str]) -> str:
    kept = {key: value for key, value in fields.items() if value}
    return f"{path}?{urlencode(kept)}" if kept else path
