"""Train a model, measure it honestly, and put it into the registry as a candidate.

Contract   Imported only by jobs and commands: it pulls in the learning libraries. The row is written once, with the
           hash of its artefact, of its data and the numbers of the walk; then the rule of promotion decides.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import sklearn

from analytics.market_ai.engine.learning import artefact
from analytics.market_ai.engine.learning.challenge import against
from analytics.market_ai.engine.learning.ensembles import BOOSTING, FOREST, SEED
from analytics.market_ai.engine.learning.matrix import COLUMNS
from analytics.market_ai.engine.learning.stack import JOINT_HOLD, SOURCE_HOLD
from analytics.market_ai.engine.learning.training import TooFewContracts, Trained, train
from analytics.market_ai.engine.learning.walk import BLOCKS
from analytics.market_ai.engine.predictor import ModelDamaged, loaded
from analytics.market_ai.engine.samples import samples_of
from analytics.market_ai.errors import NothingToLearnFrom
from analytics.market_ai.models import ModelVersion
from analytics.market_ai.services.promote_model import promote_if_better
from analytics.market_ai.types import Contract, ModelStatus
from common import clock

Progress = Callable[[int, int, str], None]


def train_model(
    *,
    contracts: Sequence[Contract],
    data_sha256: str,
    origin: str,
    created_by_id: int | None = None,
    blocks: int = BLOCKS,
    progress: Progress = lambda *_: None,
) -> ModelVersion:
    """The new version, live if the rule of promotion let it pass and a candidate otherwise.

    Raises: NothingToLearnFrom. Publishes: ModelPromoted
    """
    samples = samples_of(contracts)
    try:
        trained = train(samples, blocks=blocks, progress=progress)
    except TooFewContracts as error:
        raise NothingToLearnFrom(f"Found {error}.") from error
    live = ModelVersion.objects.filter(status=ModelStatus.LIVE).first()
    metrics = trained.metrics | {"against_live": _against_live(trained, live)}
    packed = artefact.packed(trained.document)
    made = ModelVersion.objects.create(
        status=ModelStatus.CANDIDATE,
        created_at=clock.now(),
        created_by_id=created_by_id,
        origin=origin[:200],
        parent=live,
        data_sha256=data_sha256,
        contracts=len({one.key for one in samples}),
        groups=len({one.group for one in samples}),
        samples=len(samples),
        learned_from=_moment(min(one.at for one in samples)),
        # A history may date an answer by a planned end; what is here is known by now.
        learned_until=min(clock.now(), _moment(max(one.known_at for one in samples))),
        features=list(COLUMNS),
        parameters=_parameters(blocks),
        metrics=metrics,
        artefact=packed,
        artefact_sha256=hashlib.sha256(packed).hexdigest(),
    )
    return promote_if_better(model_id=made.pk)


def contracts_digest(contracts: Sequence[Contract], files: str = "") -> str:
    """SHA-256 of contracts, and of the ``files`` that some came from; the same contracts give the same."""
    digest = hashlib.sha256(files.encode())
    for one in sorted(contracts, key=lambda contract: contract.key):
        digest.update(repr(sorted(asdict(one).items(), key=lambda pair: pair[0])).encode())
    return digest.hexdigest()


def _against_live(trained: Trained, live: ModelVersion | None) -> dict[str, Any] | None:
    """Both on what became known after the live model had learned; None without such a model or such contracts."""
    if live is None:
        return None
    try:
        predictor = loaded(bytes(live.artefact), live.artefact_sha256, live.pk)
    except ModelDamaged:
        return None
    return against(trained.rows, trained.told, predictor, live.learned_until.timestamp())


def _parameters(blocks: int) -> dict[str, Any]:
    return {
        "forest": FOREST,
        "boosting": BOOSTING,
        "seed": SEED,
        "joint_hold": [float(one) for one in JOINT_HOLD],
        "source_hold": [float(one) for one in SOURCE_HOLD],
        "blocks": blocks,
        "library": f"scikit-learn {sklearn.__version__}",
    }


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
