import pytest
from pytest_django import DjangoAssertNumQueries

from tests.factories.rows import row_market
from trading.selectors.market_search import similar_questions, suggestions

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("q", ["rec", "recession", "recesion", "united rec", "united states recess", "RECESSION 2027"])
def test_an_unfinished_or_mistyped_search_finds_the_question(q: str) -> None:
    row_market("Will the United States enter a recession in 2027?", prices=[231_000, 769_000])
    row_market("Will it snow in Lisbon?")
    found = suggestions(q)
    assert [(one.question, one.leader, one.price) for one in found] == [
        ("Will the United States enter a recession in 2027?", "", 231_000)
    ]


def test_what_begins_so_comes_first_and_what_is_open_before_what_is_not() -> None:
    row_market("Did rain fall?", status="resolved", payouts=[10_000, 0])
    row_market("Will there be rain?")
    row_market("Rain in Lisbon?")
    row_market("Rain that nobody knows of?", status="draft")
    assert [one.question for one in suggestions("rain")] == ["Rain in Lisbon?", "Will there be rain?", "Did rain fall?"]


def test_of_many_outcomes_the_likeliest_is_told() -> None:
    row_market("Who wins?", outcomes=("Ann", "Ben", "Cem"), prices=[200_000, 500_000, 300_000])
    assert [(one.leader, one.price) for one in suggestions("who wins")] == [("Ben", 500_000)]


@pytest.mark.parametrize("q", ["", "a", " ", "%", "__", "''"])
def test_less_than_two_letters_find_nothing_and_ask_nothing(
    q: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    row_market("A %__ question?")
    with django_assert_num_queries(0):
        assert suggestions(q) == ()


def test_nearly_the_same_questions() -> None:
    row_market("Will it rain in Lisbon on New Year's Day?")
    row_market("Will the Tagus freeze?")
    row_market("Will it rain in Lisbon on New Year's Day 2029?", status="draft")
    found = similar_questions("Will it rain in Lisbon at New Year?")
    assert [one.question for one in found] == ["Will it rain in Lisbon on New Year's Day?"]
    assert 0.5 <= found[0].alike < 1
    assert similar_questions("") == ()
