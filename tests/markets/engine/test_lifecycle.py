from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets.engine.lifecycle import EVENT_OF, TRANSITIONS, actions_from, next_status
from markets.errors import ActionNotAllowed, WrongStatus
from markets.types import Action, MarketStatus, Party

S, A, P = MarketStatus, Action, Party
FINAL = {S.RESOLVED, S.VOID}


@given(
    st.lists(st.tuples(st.sampled_from(list(A)), st.frozensets(st.sampled_from(list(P))))),
)
def test_whatever_is_tried_a_market_follows_the_table(attempts: list[tuple[Action, frozenset[Party]]]) -> None:
    status = S.DRAFT
    seen = [status]
    for action, parties in attempts:
        rule = TRANSITIONS.get((action, status))
        try:
            after = next_status(action, status, parties)
        except WrongStatus:
            assert rule is None
        except ActionNotAllowed:
            assert rule is not None
            assert not rule.parties & parties
        else:
            assert rule is not None
            assert after is rule.target
            assert status not in FINAL
            status = after
            seen.append(status)
    if S.RESOLVED in seen:
        assert S.PROPOSED in seen
        assert seen[-1] is S.RESOLVED
    if S.DISPUTED in seen:
        assert seen[seen.index(S.DISPUTED) - 1] is S.PROPOSED


@pytest.mark.parametrize("status", FINAL)
def test_nothing_leads_out_of_the_end(status: MarketStatus) -> None:
    assert actions_from(status, frozenset(P)) == ()


def test_every_status_but_draft_is_reached_and_every_action_is_journalled() -> None:
    assert {rule.target for rule in TRANSITIONS.values()} == set(S) - {S.DRAFT}
    assert set(EVENT_OF) == set(A)


@pytest.mark.parametrize(
    ("party", "allowed"),
    [
        (P.TRADER, {(A.DISPUTE, S.PROPOSED)}),
        (P.CREATOR, {(A.OPEN, S.DRAFT), (A.CLOSE, S.OPEN), (A.PROPOSE, S.CLOSED), (A.DISPUTE, S.PROPOSED)}),
        (P.OPERATOR, set(TRANSITIONS)),
        (P.SYSTEM, set(TRANSITIONS) - {(A.DISPUTE, S.PROPOSED), (A.CONFIRM, S.DISPUTED)}),
    ],
)
def test_who_may(party: Party, allowed: set[tuple[Action, MarketStatus]]) -> None:
    found = {(action, status) for action, status in product(A, S) if action in actions_from(status, {party})}
    assert found == allowed


def test_status_is_checked_before_permission() -> None:
    with pytest.raises(WrongStatus) as caught:
        next_status(A.HALT, S.DRAFT, frozenset())
    assert caught.value.detail == "This market is draft; to halt it, it must be open."
    assert caught.value.extra == {"market_status": "draft"}
    with pytest.raises(ActionNotAllowed) as refused:
        next_status(A.HALT, S.OPEN, {P.TRADER})
    assert refused.value.detail == "Only operator or system may halt a market that is open."
