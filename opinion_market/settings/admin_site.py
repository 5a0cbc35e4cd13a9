"""How the admin site looks (django-unfold): the brand's colours and a menu by task."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

_WATCH = "monitoring.view_measurement"


def _item(title: "str | Promise", icon: str, page: str, permission: str = "") -> dict[str, Any]:
    app, model = page.split(".")

    def may_see(request: Any) -> bool:
        return bool(request.user.has_perm(permission or f"{app}.view_{model}"))

    link = reverse_lazy(f"admin:{app}_{model}_changelist")
    return {"title": title, "icon": icon, "link": link, "permission": may_see}


def _alerts(title: "str | Promise", icon: str, model: str) -> dict[str, Any]:
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
    "SITE_SUBHEADER": gettext_lazy("Administration"),
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
                "title": gettext_lazy("Markets"),
                "items": [
                    _item(gettext_lazy("Markets"), "query_stats", "markets.market"),
                    _item(gettext_lazy("Topics"), "label", "markets.topic"),
                    _item(pgettext_lazy("of events", "Series"), "event_repeat", "markets.series"),
                    _item(gettext_lazy("Comments"), "comment", "markets.comment"),
                    _item(gettext_lazy("Cases"), "gavel", "markets.case"),
                    _item(gettext_lazy("Overrides"), "approval_delegation", "markets.override"),
                    _item(gettext_lazy("Committees"), "how_to_vote", "markets.committeeseat"),
                    _item(gettext_lazy("Journal"), "history", "markets.marketevent"),
                ],
            },
            {
                "title": gettext_lazy("Trading"),
                "items": [
                    _item(gettext_lazy("Orders"), "list_alt", "trading.order"),
                    _item(gettext_lazy("Trades"), "swap_horiz", "trading.trade"),
                    _item(gettext_lazy("Positions"), "donut_small", "trading.position"),
                    _item(gettext_lazy("Accounts"), "account_balance_wallet", "trading.account"),
                    _item(gettext_lazy("Ledger"), "receipt_long", "trading.ledgertransfer"),
                    _item(gettext_lazy("Trader limits"), "speed", "trading.traderlimit"),
                ],
            },
            {
                "title": gettext_lazy("Measurements"),
                "items": [
                    _item(gettext_lazy("Events"), "flag", "monitoring.event"),
                    _item(pgettext_lazy("of measurements", "Series"), "monitoring", "monitoring.series"),
                    _item(gettext_lazy("Storing"), "database", "monitoring.ingestposition"),
                ],
            },
            {
                "title": gettext_lazy("Alerting"),
                "items": [
                    _item(gettext_lazy("Channels"), "send", "alerting.channel", _WATCH),
                    _item(gettext_lazy("Messages"), "outbox", "alerting.delivery", _WATCH),
                    _item(gettext_lazy("Policies"), "stairs", "alerting.escalationplan", _WATCH),
                    _item(gettext_lazy("Schedules"), "calendar_month", "alerting.oncallschedule", _WATCH),
                    _item(gettext_lazy("Overrides"), "swap_horiz", "alerting.oncalloverride", _WATCH),
                    _item(gettext_lazy("Addresses"), "contact_phone", "alerting.contact", _WATCH),
                    _item(gettext_lazy("Escalations"), "trending_up", "alerting.escalationrun", _WATCH),
                ],
            },
            {
                "title": gettext_lazy("Alerts"),
                "items": [
                    _alerts(gettext_lazy("Settings"), "tune", "alertingengine"),
                    _alerts(gettext_lazy("Routes"), "alt_route", "alertroute"),
                    _alerts(gettext_lazy("Mute times"), "notifications_paused", "mutetime"),
                    _alerts(gettext_lazy("Inhibitions"), "notifications_off", "inhibition"),
                ],
            },
            {
                "title": gettext_lazy("Platform"),
                "items": [
                    _item(gettext_lazy("Jobs"), "work_history", "common.job"),
                    _item(gettext_lazy("Feature flags"), "toggle_on", "common.flag"),
                ],
            },
            {
                "title": gettext_lazy("People"),
                "items": [
                    _item(gettext_lazy("People"), "group", "accounts.user"),
                    _item(gettext_lazy("API keys"), "key", "accounts.apikey"),
                    _item(gettext_lazy("Audit trail"), "policy", "accounts.auditrecord"),
                    _item(gettext_lazy("Announcements"), "campaign", "accounts.announcement"),
                ],
            },
        ],
    },
}
