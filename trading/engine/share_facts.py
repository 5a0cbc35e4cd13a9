"""What a picture of a market shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShareFacts:
    """``headline`` stands large with ``label`` below it and ``line`` beside it, (seconds, price in 1/1,000,000); or
    ``bars`` stand there instead, names with prices. ``note`` is the state, ``address`` the site's."""

    question: str
    headline: str
    label: str
    note: str
    address: str
    line: tuple[tuple[int, int], ...] = ()
    bars: tuple[tuple[str, int], ...] = ()
