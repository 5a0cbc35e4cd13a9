"""Whether the program of this container is well: the web server answers; of others, that they run is what counts."""

import os
import sys
import urllib.request
from pathlib import Path


def main() -> int:
    if b"granian" not in Path("/proc/1/cmdline").read_bytes():
        return 0
    # The site answers to its own names only.
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]
    request = urllib.request.Request(f"http://127.0.0.1:{os.environ['PORT']}/health", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=2) as answer:  # noqa: S310  our own http address
        return 0 if answer.status == 200 else 1


if __name__ == "__main__":
    sys.exit(main())
