"""The demo's series: events that are over and events that go on, in one line."""

from collections.abc import Iterable
from typing import Final

from markets.services.place_event import place_event
from markets.services.save_series import create_series
from markets.types import Cadence, SeriesSpec

_SERIES: Final = SeriesSpec(
    name="Figures of the economy",
    cadence=Cadence.IRREGULAR,
    description="Rates, prices, growth, trade: one figure after the other. Past ones are of an invented country.",
)


def gather_events(operator_id: int, events: Iterable[str]) -> None:
    series = create_series(creator_id=operator_id, spec=_SERIES)
    for event in dict.fromkeys(events):
        place_event(slug=series.slug, event=event, actor_id=operator_id)
