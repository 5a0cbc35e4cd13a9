"""What staff see first in the administration: what waits for them, how the markets stand, what was done last.

Bound      Each number is counted up to a limit, so that the page costs the same however old the site is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from accounts.selectors.audit import newest_records
from alerting.selectors.standing import open_count
from markets.selectors.cases import waiting_count
from markets.selectors.overrides import waiting_override_count
from markets.selectors.status_counts import status_counts
from markets.types import MarketStatus, OverrideStatus

CASES_MOST: Final = 100
MARKETS_MOST: Final = 1_000
RECORDS: Final = 8
_MARKETS: Final[Mapping[str, "str | Promise"]] = {
    MarketStatus.DRAFT: gettext_lazy("Draft markets"),
    MarketStatus.OPEN: gettext_lazy("Open markets"),
    MarketStatus.HALTED: gettext_lazy("Halted markets"),
    MarketStatus.CLOSED: gettext_lazy("Closed markets"),
    MarketStatus.PROPOSED: gettext_lazy("Proposed markets"),
    MarketStatus.DISPUTED: gettext_lazy("Disputed markets"),
    MarketStatus.RESOLVED: gettext_lazy("Resolved markets"),
    MarketStatus.VOID: gettext_lazy("Void markets"),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """``count`` is a number, or that number and a plus sign where counting ended."""

    label: "str | Promise"
    count: str
    link: str


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The admin's first page, as far as this member of staff may see its parts. Named in ``UNFOLD``."""
    user = request.user
    context["tiles"] = [
        *(_waiting() if user.has_perm("markets.view_case") else ()),
        *(_overrides() if user.has_perm("markets.view_override") else ()),
        *(_incidents() if user.has_perm("monitoring.view_measurement") else ()),
        *(_markets() if user.has_perm("markets.view_market") else ()),
    ]
    if user.has_perm("accounts.view_auditrecord"):
        context["records"] = newest_records(RECORDS)
    return context


def _waiting() -> list[Tile]:
    return [
        Tile(gettext("Cases that wait"), _up_to(waiting_count(CASES_MOST + 1), CASES_MOST), reverse("moderation:queue"))
    ]


def _overrides() -> list[Tile]:
    page = f"{reverse('admin:markets_override_changelist')}?status__exact={OverrideStatus.WAITING.value}"
    return [Tile(gettext("Overrides that wait"), _up_to(waiting_override_count(CASES_MOST + 1), CASES_MOST), page)]


def _incidents() -> list[Tile]:
    return [
        Tile(gettext("Open incidents"), _up_to(open_count(CASES_MOST + 1), CASES_MOST), reverse("alerting-pages:inbox"))
    ]


def _markets() -> list[Tile]:
    page = reverse("admin:markets_market_changelist")
    return [
        Tile(_MARKETS[status], _up_to(count, MARKETS_MOST), f"{page}?status__exact={status}")
        for status, count in status_counts(MARKETS_MOST + 1).items()
    ]


def _up_to(count: int, most: int) -> str:
    return f"{most}+" if count > most else str(count)
