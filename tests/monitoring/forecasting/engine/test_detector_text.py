import json
import random

import pytest

from monitoring.forecasting.engine.detector import Detector
from monitoring.forecasting.engine.detector_text import detector_of, text_of


def test_a_detector_goes_on_as_if_it_had_never_stopped() -> None:
    luck = random.Random(1)
    values = [50.0 + luck.gauss(0.0, 1.0) + (30.0 if row == 2_500 else 0.0) for row in range(3_000)]
    whole, kept = Detector(3.0), Detector(3.0)
    for row, value in enumerate(values):
        if row % 700 == 699:
            kept = detector_of(text_of(kept))
        assert kept.update(row * 300.0, value) == whole.update(row * 300.0, value)


def test_a_new_detector_has_a_text_too() -> None:
    assert detector_of(text_of(Detector())).update(0.0, 1.0).severity == 0.0


def test_its_text_is_small() -> None:
    detector = Detector()
    for row in range(14 * 1440):
        detector.update(row * 60.0, random.Random(row).random())
    assert len(text_of(detector)) < 40_000


@pytest.mark.parametrize("text", [b"[]", b'{"version":0,"state":{}}', json.dumps({"version": 2}).encode(), b"x"])
def test_a_text_of_another_version_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):
        detector_of(text)
