"""The simulated traders at work: one of them looks at one market and does what its strategy says."""

import time
from collections import defaultdict, deque
from collections.abc import Mapping
from random import Random
from typing import Any, Final

from common import clock
from demo.engine.belief import truth
from demo.engine.exact import quantity_lots
from demo.engine.strategies import DECIDE, WEIGHTS
from demo.errors import RequestRefused
from demo.services._cast import BOTS, Bot
from demo.services._questions import demo_markets
from demo.services._site import Site
from demo.types import DemoMarket, Plan, Purse, Scene, Strategy

_MEMORY_S: Final = 180.0
#: So many complete sets are worth giving back for the credits that they tie up.
_SETS_MIN: Final = 20
#: What a trader believes to have before the first answer says it.
_AVAILABLE: Final = 1_000.0


class Traders:
    def __init__(self, site: Site, keys: Mapping[str, str], random: Random) -> None:
        self.site = site
        self.keys = dict(keys)
        self.random = random
        self.refused = 0
        self.accepted = 0
        self._available: dict[str, float] = {}
        self._seen: dict[str, deque[tuple[float, tuple[float, ...]]]] = defaultdict(deque)
        self._bots = [bot for bot in BOTS if bot.handle in self.keys]

    def step(self) -> int:
        """Let somebody act somewhere. Returns how many requests changed something or tried to.

        Raises: SiteAway, KeyRefused
        """
        bot = self.random.choices(self._bots, [WEIGHTS[bot.strategy] for bot in self._bots])[0]
        markets = demo_markets()
        market = self.random.choices(markets, [market.liquidity**2 for market in markets])[0]
        try:
            scene = self._scene(market)
            if scene is None:
                return 0
            purse = self._purse(bot, scene)
        except RequestRefused:
            # Somebody closed or removed the market.
            return 0
        sets = int(min(purse.shares.get(outcome, 0.0) for outcome in range(len(scene.outcomes))))
        if sets >= _SETS_MIN:
            self._try(bot, lambda: self.site.merge(self.keys[bot.handle], scene.market_id, sets))
            return 1
        return self._carry_out(bot, scene, DECIDE[bot.strategy](scene, purse, self.random))

    def _carry_out(self, bot: Bot, scene: Scene, plan: Plan) -> int:
        key = self.keys[bot.handle]
        for order_id in plan.cancels:
            self._try(bot, lambda order_id=order_id: self.site.cancel(key, order_id))
        wishes = [wish for wish in plan.wishes if quantity_lots(wish)]
        for wish in wishes:
            self._try(bot, lambda wish=wish: self.site.place(key, scene, wish))
        return len(plan.cancels) + len(wishes)

    def _scene(self, market: DemoMarket) -> Scene | None:
        document = self.site.market(market.slug)
        prices = tuple(float(outcome["price"] or 0) for outcome in document["outcomes"])
        if document["status"] != "open" or len(prices) != len(market.chances):
            return None
        return Scene(
            market_id=document["id"],
            outcomes=tuple(outcome["slug"] for outcome in document["outcomes"]),
            is_binary=document["kind"] == "binary",
            prices=prices,
            truth=truth(market.slug, market.chances, clock.now()),
            changes=self._changes(market.slug, prices),
            liquidity=float(document["liquidity"]) or float(market.liquidity),
        )

    def _changes(self, slug: str, prices: tuple[float, ...]) -> tuple[float, ...]:
        """Since the oldest price remembered, at most some minutes ago."""
        now, seen = time.monotonic(), self._seen[slug]
        seen.append((now, prices))
        while seen[0][0] < now - _MEMORY_S:
            seen.popleft()
        return tuple(price - before for price, before in zip(prices, seen[0][1], strict=True))

    def _purse(self, bot: Bot, scene: Scene) -> Purse:
        key = self.keys[bot.handle]
        shares = {
            scene.outcomes.index(position["outcome"]): float(position["quantity"]) - float(position["held"])
            for position in self.site.positions(key, scene.market_id)
        }
        resting = self.site.open_order_ids(key, scene.market_id) if bot.strategy is Strategy.MAKER else ()
        return Purse(self._available.get(bot.handle, _AVAILABLE), shares, resting)

    def _try(self, bot: Bot, request: Any) -> None:
        try:
            answer = request()
        except RequestRefused:
            self.refused += 1
            return
        self.accepted += 1
        self._available[bot.handle] = float(answer["account"]["available"])
