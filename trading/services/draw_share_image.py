"""Draw the picture of a market and keep it for those who ask.

Contract   For workers; may run twice. What is kept has its ``seq`` and moment, so that readers know how old it is.
"""

from trading.selectors.market_detail import market_detail
from trading.selectors.share_facts import share_facts
from trading.selectors.share_images import keep_image
from trading.services._share_picture import draw_picture


def draw_share_image(market_id: int) -> None:
    """Nothing is drawn of a draft, or of what isn't there."""
    market = market_detail(market_id)
    if market is None or market.status == "draft":
        return
    keep_image(market.id, market.seq, draw_picture(share_facts(market)))
