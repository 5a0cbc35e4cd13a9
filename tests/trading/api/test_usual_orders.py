"""Orders that are read in one go are read as every other order."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.errors import DomainError
from common.problems import problem_from_error
from trading.api import order_forms

VALUES: dict[str, list[Any]] = {
    "market_id": [5, 6, 0, -1, True, "5", 5.0, None, 2**63 - 1, 2**63],
    "outcome": ["yes", "no", "", "x" * 61, "maybe", 1, None, "ye\0s", "\ud800", "é"],
    "side": ["buy", "sell", "BUY", None, [], 1],
    "type": ["limit", "market", "stop", None, []],
    "time_in_force": ["gtc", "ioc", "fok", "gtd", "day", None, {}],
    "price": ["0.62", "0.6200", "0.62000", "0.62001", "0.0", "0.0000", "1.0", "-0.5", ".5", "0.", "0.5\n", "00.5", 0.5,
              "0.٥", None],
    "quantity": ["10", "10.5", "0", "0.0", "0.0001", "0.00001", "99999999", "99999999.9999", "999999999", "1000000001",
                 "-1", "1e3", "010", 10, "١", None],
    "client_order_id": ["", "a", "x" * 64, "x" * 65, "order-1", "key:1", "\ud800", "\0", 5, None, "é", "😀"],
}  # fmt: skip
USUAL = {"market_id": 5, "outcome": "yes", "side": "buy", "price": "0.62", "quantity": "10"}


@pytest.fixture(autouse=True)
def _one_market(monkeypatch):
    market = SimpleNamespace(is_draft=False, creator_id=1, slugs=("yes", "no"))
    monkeypatch.setattr(order_forms, "market_outcomes", lambda key: market if key == 5 else None)


def read(reader, body):
    """The command, or everything that the refusal tells."""
    try:
        return reader(dict(body), 7)
    except DomainError as refusal:
        return type(refusal), problem_from_error(refusal)


@given(st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in VALUES.items()}))
def test_any_mixture_of_fields_is_read_alike(body):
    assert read(order_forms.order_from, body) == read(order_forms._any_order, body)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in VALUES.items() for value in values])
def test_one_odd_field_is_read_alike(name, value):
    body = {**USUAL, name: value}
    assert read(order_forms.order_from, body) == read(order_forms._any_order, body)


def test_the_usual_way_is_taken():
    command = order_forms._usual_order({**USUAL, "time_in_force": "ioc", "client_order_id": "a-1"}, 7)
    assert command is not None
    assert (command.user_id, command.client_order_id) == (7, "a-1")
    assert (command.spec.price, command.spec.quantity) == (6_200, 100_000)


@pytest.mark.parametrize("more", [{"dry_run": True}, {"post_only": False}, {"unheard_of": 1}, {"max_cost": "5"}])
def test_every_other_field_leads_to_the_long_way(more):
    assert order_forms._usual_order({**USUAL, **more}, 7) is None
