"""What a caller of the write path gets back for one command."""

from typing import NamedTuple

from trading.types import Effects, Refusal


class Answer(NamedTuple):
    """``status`` and ``body`` are the HTTP answer, byte for byte; ``body`` is an order document or a problem.

    ``is_replay``: the client order id was seen before and this is the first answer again; ``effects``,
    ``refusal`` and ``seq`` are then those of that first time only if it was in the same batch.
    """

    status: int
    body: str
    is_replay: bool = False
    effects: Effects | None = None
    refusal: Refusal | None = None
    seq: int | None = None

    @property
    def is_accepted(self) -> bool:
        return self.status < 300

    def replayed(self) -> "Answer":
        return self._replace(is_replay=True)
