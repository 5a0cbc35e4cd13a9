"""The collector's settings."""

import gc

from opinion_market.garbage import MIDDLE, OLD, YOUNG, calm_collector


def test_what_exists_is_set_aside_and_the_rest_is_looked_at_less_often() -> None:
    before = gc.get_threshold()
    try:
        calm_collector()
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold() == (YOUNG, MIDDLE, OLD)
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
