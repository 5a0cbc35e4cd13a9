from markets.models.comment import Comment
from markets.models.market import Market, Outcome
from markets.models.market_event import MarketEvent, MarketHead
from markets.models.topic import Topic

__all__ = ["Comment", "Market", "MarketEvent", "MarketHead", "Outcome", "Topic"]
