"""The patterns of questions that a new market begins with: its kind, and words to start from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from markets.types import MarketKind

Words = str | Promise


@dataclass(frozen=True, slots=True)
class MarketTemplate:
    """``start``: what the fields hold when somebody begins; ``example`` a question of this pattern."""

    slug: str
    name: Words
    about: Words
    example: Words
    kind: MarketKind = MarketKind.BINARY
    start: Mapping[str, Words] = field(default_factory=dict)

    def answers(self) -> dict[str, str]:
        """In the reader's language, as their pages are."""
        return {"liquidity": "100", "challenge_window_s": "86400", **{k: str(v) for k, v in self.start.items()}}


_FOUND: Final = (
    MarketTemplate(
        "by-date",
        _("Yes or no, by a date"),
        _("Something happens before a day, or it doesn't."),
        _("Will a crew land on the Moon before 2029?"),
        start={
            "rules": _(
                "This market resolves Yes if it happens before the market closes, as the source below reports."
                " Otherwise it resolves No."
            )
        },
    ),
    MarketTemplate(
        "threshold",
        _("Above or below a figure"),
        _("A published figure reaches a level, or it doesn't."),
        _("Will inflation in May be above 3 %?"),
        start={
            "rules": _(
                "This market resolves Yes if the figure that the source below publishes first is above the level of"
                " the question. If it is equal or below, it resolves No. Later corrections don't count."
            )
        },
    ),
    MarketTemplate(
        "outcomes",
        _("Several outcomes"),
        _("Exactly one of up to a hundred answers happens."),
        _("Who will win the league?"),
        MarketKind.CATEGORICAL,
        {
            "outcomes": _("First\nSecond\nSomebody else"),
            "rules": _("This market resolves to the outcome that happens, as the source below reports."),
        },
    ),
    MarketTemplate(
        "versus",
        _("One against another"),
        _("Two names and a tie: a match, a duel, two products."),
        _("Who will score more: Ann or Ben?"),
        MarketKind.CATEGORICAL,
        {
            "outcomes": _("Ann\nBen\nTie"),
            "rules": _("This market resolves to whoever is ahead at the end, and to the tie if nobody is."),
        },
    ),
    MarketTemplate(
        "poll",
        _("The result of a poll or vote"),
        _("A share of the votes, in percent."),
        _("What share will the proposal get?"),
        MarketKind.NUMERIC,
        {
            "lower": "0",
            "upper": "100",
            "buckets": "10",
            "unit": "%",
            "rules": _("This market resolves to the share that the source below reports as the final result."),
        },
    ),
    MarketTemplate(
        "number",
        _("A number"),
        _("How much or how many; traders bet on ranges, and the page shows the mean."),
        _("How many people will visit the exhibition?"),
        MarketKind.NUMERIC,
        {
            "lower": "0",
            "upper": "100",
            "buckets": "10",
            "above": "on",
            "rules": _("This market resolves to the number that the source below publishes first."),
        },
    ),
    MarketTemplate(
        "date",
        _("A date"),
        _("When something will happen; traders bet on stretches of time."),
        _("When will the bridge open?"),
        MarketKind.DATE,
        {
            "buckets": "6",
            "above": "on",
            "rules": _("This market resolves to the day on which it happens, as the source below reports."),
        },
    ),
)
TEMPLATES: Final[Mapping[str, MarketTemplate]] = {template.slug: template for template in _FOUND}


def template_of(slug: str, kind: str = "") -> MarketTemplate:
    """The pattern, or the plainest one of that kind when it is gone."""
    found = TEMPLATES.get(slug)
    return found or next((t for t in _FOUND if t.kind == kind), _FOUND[0])
