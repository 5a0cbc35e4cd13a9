"""The garbage collector of a process that lives long and keeps much.

Why        Python's defaults look at young objects every 700 allocations and, now and then, at everything that
           Django, the books and the caches keep. Measured on batches of 100 orders: a third of the time.
           What exists at start is set aside for good; the rest is looked at less often. A batch of 1,000 is alive
           to its end, so looks amid it find nothing: 20,000 instead of 50,000 cost a sixth of its processor time.
Bound      Cycles wait until 50,000 new containers exist, some ten megabytes; a look at so many takes 0.7 ms.
"""

import gc
from typing import Final

YOUNG: Final = 50_000
MIDDLE: Final = 20
OLD: Final = 100


def calm_collector() -> None:
    """Call once, when the process has imported what it will use."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
