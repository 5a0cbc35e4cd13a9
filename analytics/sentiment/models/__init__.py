from analytics.sentiment.models.feed import Article, ArticleLink, Feed
from analytics.sentiment.models.scored_comment import ScoredComment

__all__ = ["Article", "ArticleLink", "Feed", "ScoredComment"]
