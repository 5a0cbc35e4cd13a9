"""Words of notices: kept as code and data, said in a language later."""

import json

import pytest
from django.utils import translation

from alerting.engine.notices_of_traders import end_words, fill_words, move_words
from alerting.engine.words import Text, Words, document_of, text_of
from alerting.selectors.wording import said

LOT = 10_000


@pytest.mark.parametrize(
    ("words", "english", "german"),
    [
        (
            fill_words("buy", "Yes", 30 * LOT, 100 * LOT, is_over=False),
            "Your order to buy Yes was filled: 30 of 100 shares. The rest is waiting.",
            "Deine Order, Ja zu kaufen, wurde ausgeführt: 30 von 100 Anteilen. Der Rest wartet.",
        ),
        (
            fill_words("sell", "Ada 100%", 5_000, LOT, is_over=True),
            "Your order to sell Ada 100% was filled: 0.5 of 1 shares. The rest was withdrawn.",
            "Deine Order, Ada 100% zu verkaufen, wurde ausgeführt: 0,5 von 1 Anteilen. Der Rest wurde zurückgezogen.",
        ),
        (
            fill_words("buy", "No", LOT, LOT, is_over=False),
            "Your order to buy No was filled: all of it.",
            "Deine Order, Nein zu kaufen, wurde ganz ausgeführt.",
        ),
        (move_words("Yes", 531_000, 600_000), "Yes went from 53 % to 60 %.", "Ja ging von 53 % auf 60 %."),
        (
            end_words(["Yes", "Ada"], is_void=False),
            "Resolved: Yes, Ada. Everything you were due has been paid.",
            "Entschieden: Ja, Ada. Alles, was dir zustand, ist ausgezahlt.",
        ),
        (
            end_words(["Yes"], is_void=True),
            "The market was declared void and what it took was paid back.",
            "Der Markt wurde annulliert, und was er eingenommen hatte, wurde zurückgezahlt.",
        ),
        ("Will it rain? 100%", "Will it rain? 100%", "Will it rain? 100%"),
    ],
)
def test_the_same_words_in_two_languages(words: Text, english: str, german: str) -> None:
    kept = json.loads(json.dumps(document_of("title", words)))
    again = text_of(kept, "text", words if isinstance(words, str) else "plain")
    with translation.override("en-gb"):
        assert said(again) == english
    with translation.override("de"):
        assert said(again) == german


@pytest.mark.parametrize("words", [Words("fill.of.tomorrow"), Words("market.moved", {"outcome": "Yes"})])
def test_what_nobody_can_say_is_the_plain_text(words: Words) -> None:
    assert said(words, "as it was") == "as it was"
