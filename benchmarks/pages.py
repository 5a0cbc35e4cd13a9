"""Pages of a site with a million trades against those of a site whose lists are just full, each with every cache empty.

The two sites have the same markets and traders. Half of the trades are of one market, a quarter of one trader: the
pages of both are the ones asked for.
"""

import statistics
from typing import Any, Final

from benchmarks.report import Row, say
from benchmarks.stack import Stack

FEW: Final = 4_000
MANY: Final = 1_000_000
MARKETS: Final = 30
ROUNDS: Final = 6
REQUESTS: Final = 8
RATIO_MAX: Final = 1.3
STATEMENTS_MAX: Final = 11
_MODULE: Final = "benchmarks.page_jobs"
_BUSY: Final = "/markets/will-benchmark-number-0-end-well"
PAGES: Final = {
    "home": "/",
    "search": "/?q=benchmark",
    "topic": "/topics/benchmark",
    "market": _BUSY,
    "its activity": f"{_BUSY}/activity",
    "its trades": f"{_BUSY}/trades",
    "its journal": f"{_BUSY}/journal",
    "holders and related markets": f"{_BUSY}/around",
    "portfolio": "/portfolio",
    "profit": "/portfolio/profit",
    "leaderboards": "/leaderboards",
    "a trader's profile": "/traders/trader0",
    "watchlist": "/watchlist",
}


def rows(stack: Stack, *, is_quick: bool) -> list[Row]:
    small = Stack(stack.directory / "small")
    many = MANY // 20 if is_quick else MANY
    try:
        small.start()
        users = {site: _prepared(site, trades) for site, trades in ((small, FEW), (stack, many))}
        rounds = [_round(site, users[site]) for _ in range(2 if is_quick else ROUNDS) for site in (small, stack)]
    finally:
        small.stop()
    return [_row(name, path, rounds, many) for name, path in PAGES.items()]


def _prepared(site: Stack, trades: int) -> int:
    """The trader who takes a quarter of all trades."""
    made = site.call("prepare", markets=MARKETS)
    say(f"{trades:,} trades")
    site.call("live", module=_MODULE, markets=made["markets"], users=made["users"], trades=trades)
    return int(made["users"][0])


def _round(site: Stack, user_id: int) -> Any:
    return site.call("ask", module=_MODULE, paths=list(PAGES.values()), user_id=user_id, rounds=REQUESTS)


def _row(name: str, path: str, rounds: list[Any], many: int) -> Row:
    """The fastest of each site's rounds: what else the machine does only adds."""
    few_ms, many_ms = (min(statistics.median(one[path]["ms"]) for one in rounds[place::2]) for place in (0, 1))
    statements = max(one[path]["statements"] for one in rounds)
    assert statements <= STATEMENTS_MAX, (name, statements)
    figure = f"{many_ms:.1f} ms with {many:,} trades, {few_ms:.1f} ms with {FEW:,}; {statements} statements"
    row = Row(name, figure, many_ms / few_ms, RATIO_MAX, is_ceiling=True)
    say("    ".join(cell for cell in row.cells() if cell))
    return row
