"""Programs of a site told to end and started again, or killed, one after the other; and how long each took.

Why        Nothing here fails for being slow: how long a busy machine takes is told, what must happen is waited for.
"""

import json
import time
from typing import Final

from scripts.scaleout.outcome import Outcome, say
from scripts.scaleout.programs import Program, wait_until
from scripts.scaleout.site import Site

#: Long enough to make one and kill two programs on a busy machine; how many were open at the kill is told.
DUE_IN_S: Final = 12.0
DUE_MARKETS: Final = 5
_OPEN: Final = "SELECT count(*) FROM markets_market WHERE id = ANY(%s) AND status = 'open'"


class Restarting:
    def __init__(self, site: Site, outcome: Outcome) -> None:
        self.site, self.outcome = site, outcome

    def roll(self) -> None:
        """Every web instance and worker, one after the other."""
        for web in self.site.webs:
            self.restart_web(web)
        for worker in self.site.workers:
            self.restart(worker)

    def restart_web(self, web: Program) -> None:
        began = time.monotonic()
        web.tell_to_end()
        draining_s = wait_until(lambda: web.ready() == 503, f"{web.name} says that it drains")
        self._has_ended(web)
        ended_s = time.monotonic() - began
        web.start()
        wait_until(lambda: web.ready() == 200, f"{web.name} is ready again")
        self.outcome.longest("drain told after at most s", draining_s)
        self.outcome.longest("web instance ended after at most s", ended_s)
        self.outcome.longest("web instance back after at most s", time.monotonic() - began)

    def restart(self, program: Program) -> None:
        began = time.monotonic()
        program.tell_to_end()
        self._has_ended(program)
        self.outcome.longest(f"{program.role} ended after at most s", time.monotonic() - began)
        program.start()

    def _has_ended(self, program: Program) -> None:
        code = program.wait_for_end()
        self.outcome.expect(code == 0, f"{program.name} ended with {code}:\n{program.last_lines()}")

    def kill_worker_and_leader(self) -> None:
        """By SIGKILL, just before markets fall due: the other worker and the other beat close them all."""
        say("SIGKILL of a worker and of the beat that leads; markets fall due while they are dead")
        wait_until(lambda: bool(self.site.leader()), "a beat leads")
        due = self.site.manage("-m", "scripts.scaleout.due", str(DUE_IN_S), str(DUE_MARKETS)).splitlines()[-1]
        worker, before = self.site.workers[0], self.site.leader()
        leading = self._beat_of(before)
        worker.kill()
        leading.kill()
        self.outcome.figures["markets open at the kill"] = self._open_of(json.loads(due))
        self._follows(before, "other beat leads after the first was killed, s")
        began = time.monotonic()
        wait_until(lambda: not self._open_of(json.loads(due)), "the markets that fell due are closed")
        self.outcome.figures["markets that fell due, all closed"] = DUE_MARKETS
        self.outcome.figures["closed after the other beat led, s"] = round(time.monotonic() - began, 1)
        worker.start()
        leading.start()

    def end_leader(self) -> None:
        say("the beat that leads is told to end")
        wait_until(lambda: bool(self.site.leader()), "a beat leads")
        before = self.site.leader()
        leading = self._beat_of(before)
        leading.tell_to_end()
        # It was killed and started anew just before, so most of this is its start.
        self._follows(before, "other beat, just started, leads after a word to end, s")
        leading.wait_for_end()
        leading.start()

    def _beat_of(self, holder: str) -> Program:
        return next(beat for beat in self.site.beats if beat.is_running and f"-{beat.pid}-" in holder)

    def _follows(self, before: str, figure: str) -> None:
        taken_s = wait_until(lambda: self.site.leader() not in ("", before), "the other beat leads")
        self.outcome.figures[figure] = round(taken_s, 1)

    def _open_of(self, market_ids: list[int]) -> int:
        with self.site.connect(autocommit=True) as connection:
            row = connection.execute(_OPEN, [market_ids]).fetchone()
        assert row is not None
        return int(row[0])
