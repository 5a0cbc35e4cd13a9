"""Execute many commands of one trader, on any markets, and answer each by itself."""

from collections import defaultdict
from collections.abc import Sequence

from common.errors import DomainError
from trading.services.answer import Answer
from trading.services.submit import submit_together
from trading.types import Command


def submit_batch(commands: Sequence[tuple[int, Command]]) -> list[Answer | DomainError]:
    """Answers in the order of ``commands``, which are (market, command).

    The commands of one market are executed in their order and kept in one transaction; markets follow each other in
    the order in which they come up, each by itself: what fails of one leaves the others alone.
    """
    places: dict[int, list[int]] = defaultdict(list)
    for place, (market_id, _) in enumerate(commands):
        places[market_id].append(place)
    answers: dict[int, Answer | DomainError] = {}
    for market_id, own in places.items():
        answers.update(zip(own, submit_together(market_id, [commands[place][1] for place in own]), strict=True))
    return [answers[place] for place in range(len(commands))]
