"""A model that is trained once for the run, because training takes a second."""

from collections.abc import Iterator
from typing import Any

import pytest

from analytics.market_ai.engine.learning import artefact
from analytics.market_ai.engine.learning.training import Trained, train
from analytics.market_ai.engine.samples import samples_of
from analytics.market_ai.models import ModelVersion
from analytics.market_ai.services import refresh_predictions
from tests.analytics.market_ai.contracts import shy_contracts
from tests.analytics.market_ai.registered import register


@pytest.fixture(scope="session")
def trained() -> Trained:
    return train(samples_of(shy_contracts()), blocks=4)


@pytest.fixture(scope="session")
def packed(trained: Trained) -> bytes:
    return artefact.packed(trained.document)


@pytest.fixture
def live_model(db: Any, trained: Trained, packed: bytes) -> Iterator[ModelVersion]:
    refresh_predictions.forget_models()
    yield register(trained, packed, status="live")
    refresh_predictions.forget_models()
