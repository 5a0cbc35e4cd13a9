from django.urls import re_path

from trading.api import (
    batch_views,
    comment_views,
    committee_views,
    journal_views,
    lifecycle_views,
    limit_views,
    maker_views,
    market_views,
    order_views,
    override_views,
    portfolio_views,
    report_views,
    series_views,
    tied_views,
)

_MARKET = r"^markets/(?P<key>[A-Za-z0-9_-]{1,120})"
_GROUP = r"^order-groups/(?P<group_id>[0-9]{1,19})"
_OVERRIDE = r"^overrides/(?P<override_id>[0-9]{1,19})"
_SERIES = r"^series/(?P<slug>[-a-zA-Z0-9_]{1,60})"
_COMMENT = r"^comments/(?P<comment_id>[0-9]{1,19})"

app_name = "trading-api"
urlpatterns = [
    re_path(r"^markets/?$", market_views.MarketsView.as_view(), name="markets"),
    re_path(_MARKET + r"/?$", market_views.MarketView.as_view(), name="market"),
    re_path(_MARKET + r"/book/?$", market_views.MarketBookView.as_view(), name="book"),
    re_path(_MARKET + r"/trades/?$", market_views.MarketTradesView.as_view(), name="trades"),
    re_path(_MARKET + r"/candles/?$", market_views.MarketCandlesView.as_view(), name="candles"),
    re_path(_MARKET + r"/journal/?$", market_views.MarketJournalView.as_view(), name="journal"),
    re_path(_MARKET + r"/journal/export/?$", journal_views.MarketJournalExportView.as_view(), name="journal-export"),
    re_path(r"^journal/export/?$", journal_views.JournalsExportView.as_view(), name="journals-export"),
    re_path(_MARKET + r"/open/?$", lifecycle_views.OpenMarketView.as_view(), name="open"),
    re_path(_MARKET + r"/close-early/?$", lifecycle_views.CloseOwnMarketView.as_view(), name="close-early"),
    re_path(_MARKET + r"/propose/?$", lifecycle_views.ProposeResolutionView.as_view(), name="propose"),
    re_path(_MARKET + r"/dispute/?$", lifecycle_views.DisputeResolutionView.as_view(), name="dispute"),
    re_path(
        _MARKET + r"/(?P<action>halt|resume|close|confirm|void)/?$",
        lifecycle_views.OperateMarketView.as_view(),
        name="operate",
    ),
    re_path(_MARKET + r"/committee/?$", committee_views.MarketCommitteeView.as_view(), name="committee"),
    re_path(_MARKET + r"/vote/?$", committee_views.MarketVoteView.as_view(), name="vote"),
    re_path(_MARKET + r"/overrides/?$", override_views.OverridesView.as_view(), name="overrides"),
    re_path(_OVERRIDE + r"/approve/?$", override_views.ApproveOverrideView.as_view(), name="override-approve"),
    re_path(_OVERRIDE + r"/decline/?$", override_views.DeclineOverrideView.as_view(), name="override-decline"),
    re_path(_MARKET + r"/limits/?$", limit_views.MarketLimitsView.as_view(), name="market-limits"),
    re_path(
        r"^traders/(?P<handle>[A-Za-z0-9_.@+-]{1,150})/limits/?$",
        limit_views.TraderLimitsView.as_view(),
        name="trader-limits",
    ),
    re_path(_MARKET + r"/sets/?$", order_views.MarketSetsView.as_view(), name="sets"),
    re_path(_MARKET + r"/convert/?$", maker_views.ConvertNoView.as_view(), name="convert"),
    re_path(_MARKET + r"/liquidity/?$", maker_views.MarketLiquidityView.as_view(), name="liquidity"),
    re_path(_MARKET + r"/comments/?$", comment_views.CommentsView.as_view(), name="comments"),
    re_path(_COMMENT + r"/?$", comment_views.OneCommentView.as_view(), name="comment"),
    re_path(_COMMENT + r"/replies/?$", comment_views.CommentRepliesView.as_view(), name="comment-replies"),
    re_path(
        _COMMENT + r"/(?P<action>hide|restore)/?$",
        comment_views.ModerateCommentView.as_view(),
        name="comment-moderate",
    ),
    re_path(
        _COMMENT + r"/reactions/(?P<kind>agree|disagree|insightful|thanks)/?$",
        comment_views.ReactionView.as_view(),
        name="comment-reaction",
    ),
    re_path(_COMMENT + r"/reports/?$", report_views.CommentReportsView.as_view(), name="comment-reports"),
    re_path(_MARKET + r"/reports/?$", report_views.MarketReportsView.as_view(), name="market-reports"),
    re_path(r"^series/?$", series_views.SeriesListView.as_view(), name="series-list"),
    re_path(_SERIES + r"/?$", series_views.OneSeriesView.as_view(), name="series"),
    re_path(_SERIES + r"/events/?$", series_views.SeriesEventsView.as_view(), name="series-events"),
    re_path(
        _SERIES + r"/events/(?P<event>[^\x00]{1,80}?)/?$",
        series_views.SeriesEventView.as_view(),
        name="series-event",
    ),
    re_path(r"^events/(?P<event>[^\x00]{1,80}?)/?$", series_views.EventView.as_view(), name="event"),
    re_path(r"^announcements/?$", report_views.AnnouncementsView.as_view(), name="announcements"),
    re_path(r"^orders/?$", order_views.OrdersView.as_view(), name="orders"),
    re_path(r"^orders/batch/?$", batch_views.OrderBatchView.as_view(), name="order-batch"),
    re_path(r"^orders/cancel-all/?$", batch_views.CancelAllView.as_view(), name="cancel-all"),
    re_path(r"^orders/pair/?$", tied_views.PairView.as_view(), name="order-pair"),
    re_path(r"^order-groups/?$", tied_views.OrderGroupsView.as_view(), name="order-groups"),
    re_path(_GROUP + r"/?$", tied_views.OrderGroupView.as_view(), name="order-group"),
    re_path(_GROUP + r"/(?P<action>trip|reset)/?$", tied_views.OrderGroupActionView.as_view(), name="group-action"),
    re_path(r"^heartbeat/?$", tied_views.HeartbeatView.as_view(), name="heartbeat"),
    re_path(r"^orders/(?P<order_id>[0-9]{1,19})/?$", order_views.OrderView.as_view(), name="order"),
    re_path(r"^orders/(?P<order_id>[0-9]{1,19})/queue/?$", order_views.OrderQueueView.as_view(), name="order-queue"),
    re_path(r"^fills/?$", portfolio_views.FillsView.as_view(), name="fills"),
    re_path(r"^positions/?$", portfolio_views.PositionsView.as_view(), name="positions"),
    re_path(r"^account/?$", portfolio_views.AccountView.as_view(), name="account"),
    re_path(r"^ledger/?$", portfolio_views.LedgerView.as_view(), name="ledger"),
    re_path(r"^ledger/export/?$", portfolio_views.LedgerExportView.as_view(), name="ledger-export"),
]
