"""The OpenAPI text of metrics and insights, with examples that a test executes."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from analytics.market_ai.api import analytics_shapes as shapes
from common.api.shapes import KEY_AUTH, path, problems

Handler = TypeVar("Handler", bound=Callable[..., Any])
Describe = Callable[[Handler], Handler]
_TAGS: Final = ["market AI"]
_MARKET_ID: Final = path("market_id", "Id of the market.", "7", OpenApiTypes.INT)
_USER_ID: Final = path("user_id", "Id of the trader: yours, or anybody's for analysts.", "1001", OpenApiTypes.INT)


def _reading(operation_id: str, summary: str, description: str, shape: Any, *parameters: Any) -> Describe[Any]:
    return extend_schema(
        operation_id=operation_id,
        tags=_TAGS,
        summary=summary,
        description=f"{description} Needs the scope `read`.",
        auth=KEY_AUTH,
        parameters=list(parameters),
        responses={200: shape, **problems(401, 403, 404)},
    )


get_market_analytics: Final = _reading(
    "getMarketMetrics",
    "Read the metrics of a market",
    "Price, volume, people, behaviour and what is written about it. docs/market-analytics.md defines each.",
    shapes.MarketMetrics,
    _MARKET_ID,
)
get_trader_analytics: Final = _reading(
    "getTraderMetrics",
    "Read the metrics of a trader",
    "Your own; analysts read everybody's, others get 404.",
    shapes.TraderMetrics,
    _USER_ID,
)
get_site_analytics: Final = _reading(
    "getSiteMetrics", "Read the metrics of the site", "For staff who watch it.", shapes.SiteMetrics
)
get_market_insights: Final = _reading(
    "getMarketInsights",
    "Read what stands out in a market",
    "Sentences that hold at 5 % after allowing for all questions that were asked; none is an honest answer.",
    shapes.MarketInsights,
    _MARKET_ID,
)
get_portfolio_insights: Final = _reading(
    "getPortfolioInsights",
    "Read what a portfolio is exposed to",
    "Concentration, correlation, worst case, and what the model expects of it. Your own; analysts read everybody's, "
    "others get 404.",
    shapes.PortfolioInsights,
    _USER_ID,
)
