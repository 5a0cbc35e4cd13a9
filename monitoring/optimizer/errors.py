"""What this app can refuse.

RecommendationUnknown   optimizer.recommendation_unknown   404
RecommendationClosed    optimizer.recommendation_closed    409   it is no longer in the state that this needs
OptimizationInvalid     optimizer.request_invalid          422   the field that can't be used
ActNotAllowed           optimizer.act_not_allowed          409   the strategy or this site's rights don't allow the act
SubsystemBusy           optimizer.subsystem_busy           409   another change of the subsystem is being watched
"""

from common.errors import DomainError


class RecommendationUnknown(DomainError):
    code = "optimizer.recommendation_unknown"
    title = "There is no recommendation of this number."
    status = 404


class RecommendationClosed(DomainError):
    code = "optimizer.recommendation_closed"
    title = "The recommendation is past that."
    status = 409


class OptimizationInvalid(DomainError):
    code = "optimizer.request_invalid"
    title = "This can't be optimized like that."


class ActNotAllowed(DomainError):
    code = "optimizer.act_not_allowed"
    title = "This is not done here."
    status = 409


class SubsystemBusy(DomainError):
    code = "optimizer.subsystem_busy"
    title = "Another change is being watched."
    status = 409
