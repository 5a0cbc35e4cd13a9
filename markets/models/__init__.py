from markets.models.answer_source import AnswerSource
from markets.models.case import Case, Report
from markets.models.comment import Comment
from markets.models.committee_seat import CommitteeSeat
from markets.models.journal_file import JournalFile
from markets.models.journal_snapshot import JournalSnapshot
from markets.models.market import Market, Outcome
from markets.models.market_event import MarketEvent, MarketHead
from markets.models.market_plan import MarketPlan
from markets.models.override import Override
from markets.models.reaction import Reaction
from markets.models.series import Series, SeriesEvent
from markets.models.topic import Topic

__all__ = [
    "AnswerSource",
    "Case",
    "Comment",
    "CommitteeSeat",
    "JournalFile",
    "JournalSnapshot",
    "Market",
    "MarketEvent",
    "MarketHead",
    "MarketPlan",
    "Outcome",
    "Override",
    "Reaction",
    "Report",
    "Series",
    "SeriesEvent",
    "Topic",
]
