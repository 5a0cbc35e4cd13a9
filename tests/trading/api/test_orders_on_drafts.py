"""An order tells a stranger nothing about a draft; its maker is told that it isn't open."""

from tests.factories.markets import make_categorical_draft
from tests.trading.api.conftest import Api
from trading.models import Order, Submission


def test_an_order_shows_nothing_of_a_draft(alice: Api, dave: Api) -> None:
    draft = make_categorical_draft(creator=dave.user)
    body = {"market_id": draft.pk, "outcome": "?", "side": "buy", "price": "0.5", "quantity": "1"}
    for outcome in ("?", draft.outcomes.first().slug):
        answer = alice.post("/orders", body | {"outcome": outcome})
        assert (answer.status_code, answer.json()["code"]) == (404, "market.not_found")
        assert draft.outcomes.first().slug not in answer.json()["detail"]
    assert not Order.objects.exists()
    assert not Submission.objects.exists()
