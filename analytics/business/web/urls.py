from django.urls import re_path

from analytics.business.web import pages

app_name = "business"
urlpatterns = [
    re_path(r"^business/?$", pages.OverviewPage.as_view(), name="overview"),
    re_path(r"^business/markets/?$", pages.MarketsPage.as_view(), name="markets"),
    re_path(r"^business/traders/?$", pages.TradersPage.as_view(), name="traders"),
    re_path(r"^business/revenue/?$", pages.RevenuePage.as_view(), name="revenue"),
    re_path(r"^business/retention/?$", pages.RetentionPage.as_view(), name="retention"),
    re_path(r"^business/rows/?$", pages.RowsPage.as_view(), name="rows"),
    re_path(r"^business/rows/ledger/?$", pages.AccountRowsPage.as_view(), name="account-rows"),
    re_path(r"^for-you/?$", pages.ForYouPage.as_view(), name="for-you"),
]
