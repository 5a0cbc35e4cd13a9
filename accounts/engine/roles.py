"""Which role may do what, and how the groups of the database follow this table.

A permission is ``app.codename``. Permissions of apps above are named, not imported; a name that no
app declares is reported by a test.
"""

from collections.abc import Mapping
from typing import Final

from accounts.types import Role

_VIEW: Final = frozenset(
    {
        "accounts.view_announcement",
        "common.view_flag",
        "common.view_job",
        "common.view_jobattempt",
        "markets.view_answersource",
        "markets.view_case",
        "markets.view_comment",
        "markets.view_committeeseat",
        "markets.view_market",
        "markets.view_marketevent",
        "markets.view_markethead",
        "markets.view_outcome",
        "markets.view_override",
        "markets.view_series",
        "markets.view_topic",
        "sentiment.view_article",
        "sentiment.view_articlelink",
        "sentiment.view_feed",
        "trading.view_account",
        "trading.view_candle",
        "trading.view_ledgerentry",
        "trading.view_ledgertransfer",
        "trading.view_marketbook",
        "trading.view_order",
        "trading.view_position",
        "trading.view_trade",
        "trading.view_traderlimit",
    }
)
_TRADER: Final = frozenset({"trading.add_order"})
_MARKET_MAKER: Final = _TRADER | {"markets.add_market"}
#: What the site measures of itself, and dashboards of one's own that show it.
_WATCH: Final = frozenset(
    {
        "monitoring.view_measurement",
        "monitoring.view_series",
        "monitoring.view_ingestposition",
        "monitoring.add_dashboard",
        "reports.view_report",
        "reports.make_report",
        "business.view_business",
    }
)
_ANALYST: Final = _TRADER | _VIEW | _WATCH
#: To tell all readers something.
_ANNOUNCE: Final = frozenset({"accounts.add_announcement", "accounts.change_announcement"})
_OPERATOR: Final = (
    _ANALYST
    | _MARKET_MAKER
    | _ANNOUNCE
    | {
        "markets.change_market",
        "common.change_flag",
        "common.change_job",
        "markets.operate_market",
        "markets.add_topic",
        "markets.change_topic",
        "monitoring.add_event",
        "monitoring.operate_platform",
        "monitoring.view_event",
        "sentiment.add_feed",
        "sentiment.change_feed",
    }
)
_MODERATOR: Final = (
    _TRADER
    | _VIEW
    | _ANNOUNCE
    | {
        "accounts.view_user",
        "accounts.suspend_user",
        "markets.change_market",
        "markets.moderate_comment",
    }
)
_ADMIN: Final = (
    _OPERATOR
    | _MODERATOR
    | {
        "accounts.add_user",
        "accounts.change_user",
        "accounts.assign_role",
        "accounts.grant_credits",
        "accounts.view_apikey",
        "accounts.change_apikey",
        "accounts.view_auditrecord",
        "markets.delete_topic",
    }
)

PERMISSIONS: Final[Mapping[Role, frozenset[str]]] = {
    Role.TRADER: _TRADER,
    Role.MARKET_MAKER: _MARKET_MAKER,
    Role.ANALYST: _ANALYST,
    Role.OPERATOR: _OPERATOR,
    Role.MODERATOR: _MODERATOR,
    Role.ADMIN: _ADMIN,
}
#: Roles that work in the admin site.
STAFF: Final = frozenset({Role.ANALYST, Role.OPERATOR, Role.MODERATOR, Role.ADMIN})
