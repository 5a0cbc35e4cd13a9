"""Every refusal of the engine has its error, and every error is one that can happen."""

import re
from pathlib import Path

from trading import engine, errors
from trading.errors import ERRORS_BY_CODE, OrderError, error_from
from trading.types import Refusal

#: Decided by the write path, before or instead of the engine.
NOT_OF_THE_ENGINE = {
    "order.client_order_id_reused",
    "order.group_not_found",
    "order.groups_too_many",
    "order.group_tripped",
}


def test_codes_of_engine_and_errors_are_the_same() -> None:
    sources = [path.read_text() for path in Path(*engine.__path__).glob("*.py")]
    codes = {code for source in sources for code in re.findall(r'"((?:order|liquidity)\.\w+)"', source)}
    assert codes | NOT_OF_THE_ENGINE == set(ERRORS_BY_CODE)


def test_errors_are_documented_in_the_order_of_the_checks() -> None:
    documented = re.findall(r"((?:order|liquidity)\.\w+)$", errors.__doc__ or "", re.MULTILINE)
    assert documented == list(ERRORS_BY_CODE)


def test_an_error_carries_all_that_the_refusal_says() -> None:
    error = error_from(Refusal("order.insufficient_funds", "Too dear.", "/quantity", {"required": "2"}))
    assert isinstance(error, OrderError)
    assert (error.code, error.status, error.detail) == ("order.insufficient_funds", 409, "Too dear.")
    assert [(each.pointer, each.code) for each in error.errors] == [("/quantity", "order.insufficient_funds")]
    assert error.extra == {"required": "2"}
