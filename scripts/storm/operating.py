"""What the staff does meanwhile: halts and resumes one market, and brings four others to their end."""

import asyncio
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from scripts.storm.checker.history import is_definite
from scripts.storm.notes import Notes
from scripts.storm.traffic import Trader
from scripts.storm.wire import NoAnswerError, Request, Wire

#: When markets end, as parts of the run.
ENDS: Final = (0.3, 0.5, 0.65, 0.8)
_HALT_S: Final = 2.0
_BETWEEN_S: Final = (3.0, 10.0)
#: For a step whose outcome is unknown.
_PATIENCE_S: Final = 40.0


@dataclass
class Operating:
    """``markets`` by id with the slugs of their outcomes; the last ones end, the one before them is halted."""

    operator: Trader
    markets: dict[int, list[str]]
    port: int
    directory: Path
    seed: int
    _count: int = 0

    def __post_init__(self) -> None:
        self._wire = Wire(self.port)
        self._notes = Notes(self.directory / "notes-operator.jsonl")

    def run(self, until: float) -> None:
        asyncio.run(self._run(until))

    async def _run(self, until: float) -> None:
        began, chance, ids = time.monotonic(), random.Random(self.seed), list(self.markets)
        ends = [(began + share * (until - began), key) for share, key in zip(ENDS, ids[-len(ENDS) :], strict=True)]
        while time.monotonic() < until - _HALT_S:
            if ends and time.monotonic() > ends[0][0]:
                await self._end(ends.pop(0)[1])
            else:
                await self._halt_for_a_while(ids[-len(ENDS) - 1])
            await asyncio.sleep(min(chance.uniform(*_BETWEEN_S), max(until - time.monotonic(), 0)))
        self._wire.close()
        self._notes.close()

    async def _end(self, market_id: int) -> None:
        slugs = self.markets[market_id]
        payouts = {slug: "1" if slug == slugs[0] else "0" for slug in slugs}
        await self._step("close", market_id, {})
        await self._step("propose", market_id, {"payouts": payouts, "reason": "So it came."})
        await self._step("confirm", market_id, {})

    async def _halt_for_a_while(self, market_id: int) -> None:
        await self._step("halt", market_id, {"reason": "The source is away."})
        await asyncio.sleep(_HALT_S)
        await self._step("resume", market_id, {})

    async def _step(self, what: str, market_id: int, body: dict[str, Any]) -> None:
        """Again and again until it is done, by us or by somebody else."""
        self._count += 1
        name, until = f"operator-{self._count}", time.monotonic() + _PATIENCE_S
        request = {"method": "POST", "path": f"/api/v1/markets/{market_id}/{what}", "key": ""}
        self._notes.write(
            "send", id=name, what=what, user_id=self.operator.user_id, body=body, request=request, market_id=market_id
        )
        while time.monotonic() < until:
            try:
                answer = await self._wire.ask(Request(**request, secret=self.operator.secret, body=body))
            except NoAnswerError as error:
                self._notes.write("unknown", id=name, why=str(error))
            else:
                self._notes.write("answer", id=name, status=answer.status, body=answer.text)
                if is_definite(answer.status):
                    return
            await asyncio.sleep(0.3)
