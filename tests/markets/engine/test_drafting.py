from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from markets.engine.drafting import checked
from markets.errors import MarketInvalid
from markets.types import MarketKind, MarketSpec

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CATEGORICAL = {"kind": MarketKind.CATEGORICAL}


def _spec(**fields: Any) -> MarketSpec:
    right: dict[str, Any] = {
        "question": "Will it rain in Lisbon tomorrow?",
        "rules": "As the weather service reports it.",
        "topic": "science",
        "closes_at": NOW + timedelta(days=1),
    }
    return MarketSpec(**(right | fields))


def test_text_is_cleaned_and_outcomes_filled_in() -> None:
    spec = checked(_spec(question="  Will it\train\n in Lisbon?  ", tags=("rain", "rain", "e\u0301t\u00e9")), NOW)
    assert spec.question == "Will it rain in Lisbon?"
    assert spec.tags == ("rain", "\u00e9t\u00e9")
    assert spec.outcomes == ("Yes", "No")


@pytest.mark.parametrize(
    ("fields", "pointer", "message"),
    [
        ({"question": "Rain?"}, "/question", "shorter than 10"),
        ({"question": "x" * 241}, "/question", "longer than 240"),
        ({"question": "Will it rain\x00 in Lisbon?"}, "/question", "control characters"),
        ({"question": "Will it rain\ud83d in Lisbon?"}, "/question", "lone surrogate"),
        ({"question": "Will it \u202erain in Lisbon?"}, "/question", "control characters"),
        ({"rules": " \n "}, "/rules", "is empty"),
        ({"rules": "x" * 20_001}, "/rules", "longer"),
        ({"closes_at": NOW}, "/closes_at", "in the future"),
        ({"closes_at": NOW + timedelta(days=366 * 50)}, "/closes_at", "50 years"),
        ({"closes_at": datetime(2030, 1, 1)}, "/closes_at", "time zone"),  # noqa: DTZ001
        ({"outcomes": ("Yes",)}, "/outcomes", "exactly two"),
        ({"outcomes": ("Yes", "No", "Maybe")}, "/outcomes", "exactly two"),
        ({**CATEGORICAL}, "/outcomes", "2 to 100 outcomes, not 0"),
        ({**CATEGORICAL, "outcomes": ("One",)}, "/outcomes", "not 1"),
        ({**CATEGORICAL, "outcomes": tuple(map(str, range(101)))}, "/outcomes", "not 101"),
        ({**CATEGORICAL, "outcomes": ("Ann", "ann ")}, "/outcomes", "different names"),
        ({**CATEGORICAL, "outcomes": ("Ann", "")}, "/outcomes/1", "is empty"),
        ({"slug": "No Slug"}, "/slug", "lower-case"),
        ({"slug": "x" * 121}, "/slug", "lower-case"),
        ({"tags": tuple(map(str, range(11)))}, "/tags", "at most 10"),
        ({"tags": ("a", "b\x07")}, "/tags/1", "control"),
        ({"liquidity_lots": -1}, "/liquidity", "negative"),
        ({"liquidity_lots": 10**11 + 1}, "/liquidity", "too large"),
        ({"taker_fee_bps": 1_001}, "/taker_fee_bps", "0 to 1000"),
        ({"taker_fee_bps": 5, "maker_fee_bps": 6}, "/maker_fee_bps", "taker fee"),
        ({"tick": 3}, "/tick_size", "divide 10000"),
        ({"tick": 0}, "/tick_size", "divide 10000"),
        ({"lot": 0}, "/lot_size", "1 to"),
        ({"challenge_window_s": -1}, "/challenge_window_s", "90 days"),
    ],
)
def test_wrong_fields_are_named(fields: dict[str, Any], pointer: str, message: str) -> None:
    with pytest.raises(MarketInvalid) as caught:
        checked(_spec(**fields), NOW)
    (error,) = caught.value.errors
    assert error.pointer == pointer
    assert message in error.detail


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(MarketInvalid) as caught:
        checked(_spec(question="", rules="", tick=7), NOW)
    assert [error.pointer for error in caught.value.errors] == ["/question", "/rules", "/tick_size"]


def test_an_imported_market_may_have_closed() -> None:
    spec = checked(_spec(closes_at=NOW - timedelta(days=900), source="polymarket", source_id="1"), NOW)
    assert spec.closes_at < NOW


def test_100_outcomes() -> None:
    assert len(checked(_spec(**CATEGORICAL, outcomes=tuple(map(str, range(100)))), NOW).outcomes) == 100
