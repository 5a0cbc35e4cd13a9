"""Refusals as pages tell them: English keeps its details, other languages have a sentence for each code."""

import json
import re
from typing import Any

import pytest
from django.utils import translation

from common.error_guide import _GUIDE
from common.errors import DomainError
from common.problem_words import REFUSALS, field_words, refusal_words, words_of
from markets.errors import MarketNotFound
from tests.architecture.sources import ROOT
from trading.errors import InsufficientFunds, PriceOffGrid

FUNDS: dict[str, Any] = {
    "code": "order.insufficient_funds",
    "detail": "This needs 1500 credits, and 12.5 are free.",
    "available": "12.5000",
    "required": "1500",
}


@pytest.mark.parametrize(
    ("problem", "german"),
    [
        (FUNDS, "Du hast 12,50 frei; das braucht 1.500,00."),
        ({"code": "order.insufficient_funds", "detail": "without its facts"}, "without its facts"),
        (
            {"code": "order.price_off_grid", "detail": "0.625 is between two steps."},
            "Der Preis liegt zwischen zwei Preisstufen. Runde ihn.",
        ),
        ({"code": "nobody.knows", "detail": "as it is"}, "as it is"),
        (
            {"code": "key.invalid", "detail": "The name is longer than 40 characters."},
            "Der Name ist länger als 40 Zeichen.",
        ),
        (
            {"code": "market.invalid", "detail": "The question is empty. The outcomes must have different names."},
            "Das Feld „Frage“ ist leer. Die Ausgänge müssen verschiedene Namen haben.",
        ),
        (
            {"code": "order.price_out_of_range", "detail": "The price must be from 0.01 to 99.99."},
            "Der Preis muss von 0,01 bis 99,99 sein.",
        ),
    ],
)
def test_english_keeps_the_detail_and_german_says_the_code(problem: dict[str, Any], german: str) -> None:
    with translation.override("en-gb"):
        assert refusal_words(problem) == problem["detail"]
    with translation.override("de"):
        assert refusal_words(problem) == german


def test_raised_refusals_and_their_fields() -> None:
    refusal: DomainError = PriceOffGrid("0.625 is between two steps.", field="/price")
    with translation.override("de"):
        assert words_of(refusal) == "Der Preis liegt zwischen zwei Preisstufen. Runde ihn."
        assert field_words(refusal.errors[0]) == words_of(refusal)
        assert words_of(MarketNotFound("x")) == "Diesen Markt gibt es nicht."
        assert words_of(InsufficientFunds("x", extra=FUNDS)) == "Du hast 12,50 frei; das braucht 1.500,00."


def test_every_code_is_one_of_the_site_and_what_traders_meet_is_said() -> None:
    known = set(_GUIDE) | {"order.refused"}
    source = "".join(path.read_text("utf-8") for path in (ROOT / "common" / "guides").glob("*.py"))
    known |= set(re.findall(r'"([a-z]+\.[a-z_]+)"', source))
    assert set(REFUSALS) - known == set()
    met = {code for code in known if code.split(".")[0] in {"order", "comment", "liquidity"}}
    assert met - set(REFUSALS) == set()


def test_scripts_have_the_same_sentences() -> None:
    told = json.loads((ROOT / "static/js/words/de.refusals.json").read_text("utf-8"))
    assert set(told) == set(REFUSALS)
    assert told["order.insufficient_funds"] == "Du hast {available} frei; das braucht {required}."
