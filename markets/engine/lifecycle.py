"""The life of a market: which action leads from which status to which, and who may do it.

    draft -> open <-> halted -> closed -> proposed -> resolved
                                             \\-> disputed -> resolved
    void is reached from every status except resolved.

Contract   ``TRANSITIONS`` is the whole truth; services, pages and the admin all ask here.
           Status is checked before permission, so the same request always gets the same code.
           Who may propose the result is the market's own policy; the table names everybody who may under some policy.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Final

from markets.errors import ActionNotAllowed, WrongStatus
from markets.types import Action, EventKind, MarketStatus, Party, ResolutionPolicy

S = MarketStatus


@dataclass(frozen=True, slots=True)
class Transition:
    target: MarketStatus
    parties: frozenset[Party]


_SYSTEM_OPERATOR = frozenset({Party.SYSTEM, Party.OPERATOR})
_CREATOR_OPERATOR = frozenset({Party.SYSTEM, Party.CREATOR, Party.OPERATOR})
_OPERATOR = frozenset({Party.OPERATOR})

TRANSITIONS: Final[Mapping[tuple[Action, MarketStatus], Transition]] = {
    (Action.OPEN, S.DRAFT): Transition(S.OPEN, _CREATOR_OPERATOR),
    (Action.HALT, S.OPEN): Transition(S.HALTED, _SYSTEM_OPERATOR),
    (Action.RESUME, S.HALTED): Transition(S.OPEN, _SYSTEM_OPERATOR),
    (Action.CLOSE, S.OPEN): Transition(S.CLOSED, _CREATOR_OPERATOR),
    # Staff have halted it for a reason, so they say how it goes on.
    (Action.CLOSE, S.HALTED): Transition(S.CLOSED, _SYSTEM_OPERATOR),
    (Action.PROPOSE, S.CLOSED): Transition(S.PROPOSED, _CREATOR_OPERATOR),
    (Action.DISPUTE, S.PROPOSED): Transition(S.DISPUTED, frozenset({Party.TRADER, Party.CREATOR, Party.OPERATOR})),
    (Action.CONFIRM, S.PROPOSED): Transition(S.RESOLVED, _SYSTEM_OPERATOR),
    # Somebody said that the proposal is wrong, so a person has to decide.
    (Action.CONFIRM, S.DISPUTED): Transition(S.RESOLVED, _OPERATOR),
    **{
        (Action.VOID, status): Transition(S.VOID, _SYSTEM_OPERATOR)
        for status in (S.DRAFT, S.OPEN, S.HALTED, S.CLOSED, S.PROPOSED, S.DISPUTED)
    },
}

PROPOSERS: Final[Mapping[ResolutionPolicy, frozenset[Party]]] = {
    ResolutionPolicy.CREATOR: _CREATOR_OPERATOR,
    ResolutionPolicy.STAFF: _SYSTEM_OPERATOR,
    ResolutionPolicy.COMMITTEE: frozenset({Party.SYSTEM}),
    ResolutionPolicy.SOURCE: frozenset({Party.SYSTEM}),
}

EVENT_OF: Final[Mapping[Action, EventKind]] = {
    Action.OPEN: EventKind.OPENED,
    Action.HALT: EventKind.HALTED,
    Action.RESUME: EventKind.RESUMED,
    Action.CLOSE: EventKind.CLOSED,
    Action.PROPOSE: EventKind.PROPOSED,
    Action.DISPUTE: EventKind.DISPUTED,
    Action.CONFIRM: EventKind.RESOLVED,
    Action.VOID: EventKind.VOIDED,
}


def next_status(
    action: Action,
    status: MarketStatus,
    parties: Set[Party],
    policy: ResolutionPolicy = ResolutionPolicy.CREATOR,
) -> MarketStatus:
    """The status after ``action``; raises ``WrongStatus``, then ``ActionNotAllowed``."""
    transition = TRANSITIONS.get((action, status))
    if transition is None:
        needed = " or ".join(s.value for a, s in TRANSITIONS if a is action)
        raise WrongStatus(
            f"This market is {status.value}; to {action.value} it, it must be {needed}.",
            extra={"market_status": status.value},
        )
    allowed = _allowed(action, transition, policy)
    if not allowed & parties:
        names = " or ".join(sorted(party.value for party in allowed))
        raise ActionNotAllowed(f"Only {names} may {action.value} a market that is {status.value}.")
    return transition.target


def actions_from(
    status: MarketStatus, parties: Set[Party], policy: ResolutionPolicy = ResolutionPolicy.CREATOR
) -> tuple[Action, ...]:
    """What ``parties`` may do now, in the order of ``Action``."""
    return tuple(
        action
        for action in Action
        if (found := TRANSITIONS.get((action, status))) is not None and _allowed(action, found, policy) & parties
    )


def _allowed(action: Action, transition: Transition, policy: ResolutionPolicy) -> frozenset[Party]:
    return transition.parties & PROPOSERS[policy] if action is Action.PROPOSE else transition.parties
