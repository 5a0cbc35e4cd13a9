"""A process of the test: 50 threads that ask for the same at once."""

import json
import os
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from common.caching.metrics import READS  # noqa: E402
from common.caching.redis_cache import redis_cache  # noqa: E402

computed: list[int] = []


@redis_cache(60)
def asked_by_many(key: str) -> str:
    computed.append(os.getpid())
    time.sleep(0.5)
    return "the answer"


def main() -> None:
    together = threading.Barrier(50)

    def ask(_: int) -> str:
        together.wait(30)
        return asked_by_many("x")

    with ThreadPoolExecutor(50) as pool:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        answers = set(pool.map(ask, range(50)))
    reads = {outcome: count.value for (_, _, outcome), count in READS.children.items() if count.value}
    sys.stdout.write(json.dumps({"answers": sorted(answers), "computed": len(computed), "reads": reads}))


if __name__ == "__main__":
    main()
