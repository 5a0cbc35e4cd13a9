"""What is typed into the steps of a new market."""

import pytest
from django.utils import translation

from trading.web.plan_spec import lots_of


@pytest.mark.parametrize(
    ("language", "text", "lots"),
    [
        ("en-gb", "12.5", 125_000),
        ("en-gb", "1,250", 12_500_000),
        ("en-gb", "", 0),
        ("en-gb", "many", -1),
        ("de", "12,5", 125_000),
        ("de", "1.234,5", 12_345_000),
        ("de", "1.250", -1),
    ],
)
def test_liquidity_is_read_as_its_writer_writes_numbers(language: str, text: str, lots: int) -> None:
    with translation.override(language):
        assert lots_of(text) == lots
