"""Report a comment or a market as a trader: not faster than people read."""

from typing import Final

from accounts.services import limits
from accounts.types import Limit
from markets.services.report import report_comment, report_market
from markets.types import ReportReason

REPORTS: Final = Limit("reports", 20, 3_600)


def report_comment_as_trader(*, comment_id: int, reporter_id: int, reason: ReportReason, text: str = "") -> int:
    """Returns: the id of the case. Raises: TooManyAttempts, CommentNotFound, ReportInvalid"""
    limits.check([(REPORTS, f"user:{reporter_id}")])
    return report_comment(comment_id=comment_id, reporter_id=reporter_id, reason=reason, text=text)


def report_market_as_trader(*, market_id: int, reporter_id: int, reason: ReportReason, text: str = "") -> int:
    """Returns: the id of the case. Raises: TooManyAttempts, MarketNotFound, ReportInvalid"""
    limits.check([(REPORTS, f"user:{reporter_id}")])
    return report_market(market_id=market_id, reporter_id=reporter_id, reason=reason, text=text)
