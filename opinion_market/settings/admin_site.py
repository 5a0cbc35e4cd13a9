"""How the admin site looks (django-unfold): the brand's colours and a menu by task."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy

_WATCH = "monitoring.view_measurement"


def _item(title: str, icon: str, page: str, permission: str = "") -> dict[str, Any]:
    app, model = page.split(".")

    def may_see(request: Any) -> bool:
        return bool(request.user.has_perm(permission or f"{app}.view_{model}"))

    link = reverse_lazy(f"admin:{app}_{model}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": may_see}


def _alerts(title: str, icon: str, model: str) -> dict[str, Any]:
    """Models of alerting have no permissions of their own: whoever watches the site may look."""

    def may_see(request: Any) -> bool:
        return bool(request.user.has_perm("monitoring.view_measurement"))

    link = reverse_lazy(f"admin:alerting_{model}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": may_see}


#: The greys of static/css/tokens.css, light to dark, and its blue: 500 is read on the dark, 600 on the light.
_GREYS = {
    "50": "#faf9f6", "100": "#f2f0ea", "200": "#e3dfd6", "300": "#cfccc5", "400": "#aeaba4", "500": "#6b6862",
    "600": "#5b5852", "700": "#45433f", "800": "#2b2e34", "900": "#1c1e22", "950": "#141518",
}  # fmt: skip
_BLUES = {
    "50": "#f1f6fd", "100": "#e8f0fb", "200": "#c9dcf6", "300": "#a9c9fb", "400": "#86b4ff", "500": "#6aa2f7",
    "600": "#1d5bb4", "700": "#194e9a", "800": "#154182", "900": "#123468", "950": "#1e2d45",
}  # fmt: skip

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Opinion Market",
    "SITE_HEADER": "Opinion Market",
    "SITE_SUBHEADER": "Administration",
    "SITE_URL": "/",
    "SITE_ICON": lambda _: static("img/favicon.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _: static("img/favicon.svg")}],
    "COLORS": {"base": _GREYS, "primary": _BLUES},
    "STYLES": [lambda _: static("css/pages/admin.css")],
    "SCRIPTS": [lambda _: static("js/pages/admin.js")],
    "SHOW_HISTORY": True,
    "DASHBOARD_CALLBACK": "opinion_market.admin_dashboard.dashboard",
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "title": "Markets",
                "items": [
                    _item("Markets", "query_stats", "markets.market"),
                    _item("Topics", "label", "markets.topic"),
                    _item("Series", "event_repeat", "markets.series"),
                    _item("Comments", "comment", "markets.comment"),
                    _item("Cases", "gavel", "markets.case"),
                    _item("Overrides", "approval_delegation", "markets.override"),
                    _item("Committees", "how_to_vote", "markets.committeeseat"),
                    _item("Journal", "history", "markets.marketevent"),
                ],
            },
            {
                "title": "Trading",
                "items": [
                    _item("Orders", "list_alt", "trading.order"),
                    _item("Trades", "swap_horiz", "trading.trade"),
                    _item("Positions", "donut_small", "trading.position"),
                    _item("Accounts", "account_balance_wallet", "trading.account"),
                    _item("Ledger", "receipt_long", "trading.ledgertransfer"),
                    _item("Trader limits", "speed", "trading.traderlimit"),
                ],
            },
            {
                "title": "Measurements",
                "items": [
                    _item("Events", "flag", "monitoring.event"),
                    _item("Series", "monitoring", "monitoring.series"),
                    _item("Storing", "database", "monitoring.ingestposition"),
                ],
            },
            {
                "title": "Alerting",
                "items": [
                    _item("Channels", "send", "alerting.channel", _WATCH),
                    _item("Messages", "outbox", "alerting.delivery", _WATCH),
                    _item("Policies", "stairs", "alerting.escalationplan", _WATCH),
                    _item("Schedules", "calendar_month", "alerting.oncallschedule", _WATCH),
                    _item("Overrides", "swap_horiz", "alerting.oncalloverride", _WATCH),
                    _item("Addresses", "contact_phone", "alerting.contact", _WATCH),
                    _item("Escalations", "trending_up", "alerting.escalationrun", _WATCH),
                ],
            },
            {
                "title": "Alerts",
                "items": [
                    _alerts("Settings", "tune", "alertingengine"),
                    _alerts("Routes", "alt_route", "alertroute"),
                    _alerts("Mute times", "notifications_paused", "mutetime"),
                    _alerts("Inhibitions", "notifications_off", "inhibition"),
                ],
            },
            {
                "title": "Platform",
                "items": [
                    _item("Jobs", "work_history", "common.job"),
                    _item("Feature flags", "toggle_on", "common.flag"),
                ],
            },
            {
                "title": "People",
                "items": [
                    _item("People", "group", "accounts.user"),
                    _item("API keys", "key", "accounts.apikey"),
                    _item("Audit trail", "policy", "accounts.auditrecord"),
                    _item("Announcements", "campaign", "accounts.announcement"),
                ],
            },
        ],
    },
}
