"""Headlines find the questions they are about, and no others."""

import pytest

from analytics.sentiment.engine.linking import MATCHES_MAX, QuestionIndex, words_of
from analytics.sentiment.types import Question

QUESTIONS = (
    "Will it rain in Lisbon on 23 November?",
    "Will it rain in Porto on 23 November?",
    "Will the central bank of Norway raise its interest rate in December?",
    "Will the European Central Bank cut interest rates before March 2027?",
    "Which team wins the women's handball championship?",
    "Will a crew land on the Moon before 2029?",
    "Will the Labour party win the general election?",
    "Will the Senate confirm the new judge of the Supreme Court?",
    "Will bitcoin trade above 100,000 dollars at the end of the year?",
    "Will Berlin open the new airport terminal this year?",
)
INDEX = QuestionIndex(Question(number, text) for number, text in enumerate(QUESTIONS))


@pytest.mark.parametrize(
    ("headline", "number"),
    [
        ("Heavy rain expected in Lisbon from Monday", 0),
        ("Lisbon braces for rain as storm nears the coast", 0),
        ("Norway's central bank hints at raising the interest rate again", 2),
        ("European Central Bank cuts rates as inflation cools; interest falls", 3),
        ("Women's handball: Norway through to the championship final", 4),
        ("Crew trains to land on the Moon", 5),
        ("Labour leads in polls a week before the general election", 6),
        ("Senate hearings begin for Supreme Court judge", 7),
        ("Bitcoin climbs above 100,000 dollars for the first time", 8),
        ("Berlin airport: new terminal to open in spring", 9),
    ],
)
def test_a_headline_finds_its_question_first(headline: str, number: int) -> None:
    matches = INDEX.matches(headline)
    assert matches[0].market_id == number
    assert matches[0].overlap >= 0.5


@pytest.mark.parametrize(
    "headline",
    [
        "Rain delays tennis final in Melbourne",
        "Bank robbery in Lisbon",
        "New year, new court: a tour of Rome",
        "Party at the airport",
        "The weather in November",
        "Moon",
        "",
    ],
)
def test_others_find_nothing(headline: str) -> None:
    assert INDEX.matches(headline) == []


def test_words() -> None:
    assert words_of("Will Norway\u2019s rates rise? No!") == {"norway", "rate", "rise"}


def test_the_best_are_answered() -> None:
    many = QuestionIndex(Question(number, "Will rain fall in Lisbon?") for number in range(50))
    assert [match.market_id for match in many.matches("Rain will fall in Lisbon")] == list(range(MATCHES_MAX))
