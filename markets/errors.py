"""What can be refused about a market.

MarketNotFound          market.not_found
MarketInvalid           market.invalid             one FieldError for each wrong field
SlugTaken               market.slug_taken
WrongStatus             market.wrong_status        the action does not fit the market's status
ActionNotAllowed        market.action_not_allowed  the person may not do it
ResolutionInvalid       market.resolution_invalid  the payouts are no resolution of this market
ChallengeWindowOpen     market.challenge_window_open
ChallengeWindowOver     market.challenge_window_over
ApprovalNeeded          market.approval_needed     a second person of staff has to agree
VoteOver                market.vote_over           or not begun
CommitteeNotFound       market.no_committee        its policy is another one
OverrideNotFound        override.not_found
OverrideNotWaiting      override.not_waiting       it is decided already, or its time is over
OverrideOwn             override.own               nobody approves what they have asked for
OverrideWaiting         override.waiting           another one of the market waits
CommentNotFound         comment.not_found
CommentInvalid          comment.invalid            the text, or what it replies to
CommentRepeated         comment.repeated           the same words again within a minute
CommentNotYours         comment.not_yours          only its author may delete it
ReactionToOwn           comment.own_reaction       nobody agrees with themselves
PlanNotFound            plan.not_found             or somebody else's
PlansTooMany            plan.too_many
ReportInvalid           case.report_invalid        its reason or words, or one's own comment
CaseNotFound            case.not_found
CaseDecided             case.decided               somebody else was faster
DecisionNotAllowed      case.decision_not_allowed  it doesn't fit the case, or the person may not
DraftChanged            case.draft_changed         since the moderator looked at it
SeriesNotFound          series.not_found
SeriesInvalid           series.invalid             one of its fields
SeriesNameTaken         series.name_taken          its name or its address
SeriesNotYours          series.not_yours           only its creator and operators change it
EventNotFound           event.not_found            no market has this event
EventTaken              series.event_taken         the event is in a series already
JournalNotYet           journal.not_yet            a number or time that is still to come
JournalBeforeMarket     journal.before_market      a time before the market's first record
JournalNotKept          journal.not_kept           the file of the archive isn't there any more
"""

from common.errors import DomainError


class MarketNotFound(DomainError):
    code = "market.not_found"
    title = "There is no such market."
    status = 404


class MarketInvalid(DomainError):
    code = "market.invalid"
    title = "The market can't be made like this."


class SlugTaken(DomainError):
    code = "market.slug_taken"
    title = "The address of the market is taken."
    status = 409


class WrongStatus(DomainError):
    code = "market.wrong_status"
    title = "The market is not in the right status."
    status = 409


class ActionNotAllowed(DomainError):
    code = "market.action_not_allowed"
    title = "You may not do this to the market."
    status = 403


class ResolutionInvalid(DomainError):
    code = "market.resolution_invalid"
    title = "This is no resolution of the market."


class ChallengeWindowOpen(DomainError):
    code = "market.challenge_window_open"
    title = "The resolution can still be challenged."
    status = 409


class ChallengeWindowOver(DomainError):
    code = "market.challenge_window_over"
    title = "The resolution can no longer be challenged."
    status = 409


class ApprovalNeeded(DomainError):
    code = "market.approval_needed"
    title = "A second person has to agree."
    status = 409


class VoteOver(DomainError):
    code = "market.vote_over"
    title = "The committee doesn't vote now."
    status = 409


class CommitteeNotFound(DomainError):
    code = "market.no_committee"
    title = "The market has no committee."
    status = 404


class OverrideNotFound(DomainError):
    code = "override.not_found"
    title = "There is no such override."
    status = 404


class OverrideNotWaiting(DomainError):
    code = "override.not_waiting"
    title = "The override isn't waiting any more."
    status = 409


class OverrideOwn(DomainError):
    code = "override.own"
    title = "Somebody else has to approve this."
    status = 403


class OverrideWaiting(DomainError):
    code = "override.waiting"
    title = "Another override of the market waits."
    status = 409


class CommentNotFound(DomainError):
    code = "comment.not_found"
    title = "There is no such comment."
    status = 404


class CommentInvalid(DomainError):
    code = "comment.invalid"
    title = "The comment can't be posted like this."


class CommentRepeated(DomainError):
    code = "comment.repeated"
    title = "You have just posted this."
    status = 409


class CommentNotYours(DomainError):
    code = "comment.not_yours"
    title = "The comment is somebody else's."
    status = 403


class ReactionToOwn(DomainError):
    code = "comment.own_reaction"
    title = "The comment is your own."
    status = 409


class PlanNotFound(DomainError):
    code = "plan.not_found"
    title = "There is no such plan of a market."
    status = 404


class PlansTooMany(DomainError):
    code = "plan.too_many"
    title = "You have begun too many markets."
    status = 409


class ReportInvalid(DomainError):
    code = "case.report_invalid"
    title = "This can't be reported like this."


class CaseNotFound(DomainError):
    code = "case.not_found"
    title = "There is no such case."
    status = 404


class CaseDecided(DomainError):
    code = "case.decided"
    title = "The case is decided already."
    status = 409


class DecisionNotAllowed(DomainError):
    code = "case.decision_not_allowed"
    title = "This can't be decided by you."
    status = 403


class DraftChanged(DomainError):
    code = "case.draft_changed"
    title = "The draft has changed."
    status = 409


class SeriesNotFound(DomainError):
    code = "series.not_found"
    title = "There is no such series."
    status = 404


class SeriesInvalid(DomainError):
    code = "series.invalid"
    title = "The series can't be like this."


class SeriesNameTaken(DomainError):
    code = "series.name_taken"
    title = "Another series has this name."
    status = 409


class SeriesNotYours(DomainError):
    code = "series.not_yours"
    title = "The series is somebody else's."
    status = 403


class EventNotFound(DomainError):
    code = "event.not_found"
    title = "There is no such event."
    status = 404


class EventTaken(DomainError):
    code = "series.event_taken"
    title = "The event is in a series already."
    status = 409


class JournalNotYet(DomainError):
    code = "journal.not_yet"
    title = "This part of the journal is still to come."


class JournalBeforeMarket(DomainError):
    code = "journal.before_market"
    title = "The market didn't exist at that time."


class JournalNotKept(DomainError):
    code = "journal.not_kept"
    title = "This part of the journal isn't kept any more."
    status = 410
