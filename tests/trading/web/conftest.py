import pytest

from trading.selectors.books import forget_books


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    forget_books()
