from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Making requests of the document takes seconds; a run that leaves them out needn't even import them."""
    is_left_out = "not contract" in config.option.markexpr
    return True if is_left_out and collection_path.name == "test_document.py" else None
