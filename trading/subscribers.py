"""Reactions to facts, each a nudge that a sweep repeats if it is lost."""

from accounts.events import UserSignedUp
from common.bus import subscribe
from trading.events import JournalAdvanced
from trading.realtime.nudge import nudge
from trading.services.open_account import open_account


@subscribe(UserSignedUp)
def open_account_of_newcomer(event: UserSignedUp) -> None:
    open_account(event.user_id)


@subscribe(JournalAdvanced)
def nudge_streams(event: JournalAdvanced) -> None:
    nudge(event.market_id, event.seq)
