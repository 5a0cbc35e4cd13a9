from django.urls import re_path

from trading.web.activity import activity
from trading.web.around import event, market_around, market_marks
from trading.web.comment_forms import comments, react, remove
from trading.web.crawlers import robots, sitemap
from trading.web.creation_urls import creation_urls
from trading.web.docs import errors, glossary, how_it_works, stream
from trading.web.embeds import embed
from trading.web.feeds import comments_feed, markets_feed
from trading.web.home import home, tag, topic
from trading.web.journal import export_journal, journal
from trading.web.lifecycle import change
from trading.web.maker import change_maker, market_distribution
from trading.web.market import market, market_mine, market_trades
from trading.web.orders import amend, cancel, ticket
from trading.web.portfolio import portfolio
from trading.web.search import search_suggestions
from trading.web.series import change_series, new_series, series, series_list
from trading.web.share import share_image
from trading.web.statement import statement
from trading.web.statement_export import export_statement
from trading.web.vote import vote

app_name = "trading"
urlpatterns = [
    re_path(r"^$", home, name="home"),
    re_path(r"^topics/(?P<slug>[-a-zA-Z0-9_]{1,60})/?$", topic, name="topic"),
    re_path(r"^tags/(?P<name>[^\x00]{1,40}?)/?$", tag, name="tag"),
    re_path(r"^search/suggestions/?$", search_suggestions, name="search-suggestions"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/ticket/?$", ticket, name="ticket"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/mine/?$", market_mine, name="market-mine"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/share\.png$", share_image, name="share-image"),
    re_path(r"^embed/markets/(?P<slug>[-a-zA-Z0-9_]+)/?$", embed, name="embed"),
    re_path(r"^robots\.txt$", robots, name="robots"),
    re_path(r"^sitemap\.xml$", sitemap, name="sitemap"),
    re_path(r"^series/?$", series_list, name="series-list"),
    re_path(r"^creator/series/?$", new_series, name="series-new"),
    re_path(r"^series/(?P<slug>[-a-zA-Z0-9_]{1,60})/?$", series, name="series"),
    re_path(r"^series/(?P<slug>[-a-zA-Z0-9_]{1,60})/edit/?$", change_series, name="series-edit"),
    re_path(r"^events/(?P<name>[^\x00]{1,80}?)/?$", event, name="event"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/around/?$", market_around, name="market-around"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/activity/?$", activity, name="market-activity"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/marks/?$", market_marks, name="market-marks"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/trades/?$", market_trades, name="market-trades"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/journal/?$", journal, name="market-journal"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/journal/export/?$", export_journal, name="market-journal-export"),
    re_path(
        r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/(?P<action>open|close|propose|dispute)/?$", change, name="market-change"
    ),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/vote/?$", vote, name="market-vote"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/(?P<name>liquidity|convert)/?$", change_maker, name="maker"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/distribution/?$", market_distribution, name="market-distribution"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/comments/?$", comments, name="comments"),
    re_path(r"^comments/(?P<comment_id>[0-9]{1,19})/remove/?$", remove, name="comment-remove"),
    re_path(r"^markets/(?P<slug>[-a-zA-Z0-9_]+)/?$", market, name="market"),
    re_path(r"^comments/(?P<comment_id>[0-9]{1,19})/react/?$", react, name="comment-react"),
    *creation_urls,
    re_path(r"^orders/(?P<order_id>[0-9]{1,18})/cancel/?$", cancel, name="order-cancel"),
    re_path(r"^orders/(?P<order_id>[0-9]{1,18})/amend/?$", amend, name="order-amend"),
    re_path(r"^portfolio/?$", portfolio, name="portfolio"),
    re_path(r"^portfolio/statement/export/?$", export_statement, name="statement-export"),
    re_path(r"^portfolio/statement\.csv$", statement, name="statement"),
    re_path(r"^feeds/markets\.atom$", markets_feed, name="feed-markets"),
    re_path(r"^feeds/topics/(?P<slug>[-a-zA-Z0-9_]{1,60})\.atom$", markets_feed, name="feed-topic"),
    re_path(r"^feeds/series/(?P<series>[-a-zA-Z0-9_]{1,60})\.atom$", markets_feed, name="feed-series"),
    re_path(r"^feeds/markets/(?P<slug>[-a-zA-Z0-9_]+)/comments\.atom$", comments_feed, name="feed-comments"),
    re_path(r"^docs/how-it-works/?$", how_it_works, name="docs-how-it-works"),
    re_path(r"^docs/glossary/?$", glossary, name="docs-glossary"),
    re_path(r"^docs/stream/?$", stream, name="docs-stream"),
    re_path(r"^docs/errors/?$", errors, name="docs-errors"),
]
