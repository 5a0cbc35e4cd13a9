"""Where the embedded servers live, so that every process finds them without being told.

Sockets stay in a short directory (the kernel allows about 100 characters), private to the account
that runs the servers. No server listens on a port.
"""

import hashlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Final
from urllib.parse import quote

OWNER: Final = "opinion_market"
APP_ROLE: Final = "opinion_market_app"
DATABASE: Final = "opinion_market"
REDIS_SOCKET: Final = "redis.sock"


def _temporary() -> Path:
    return Path(tempfile.gettempdir()).resolve()


def path_key(path: Path) -> str:
    return hashlib.sha256(f"{os.geteuid()}:{path}".encode()).hexdigest()[:10]


def servers_dir(data_dir: Path) -> Path:
    """Directory of the sockets of the servers whose data is in ``data_dir``."""
    return _temporary() / f"om-{path_key(data_dir)}"


def test_servers_dir() -> Path:
    """Directory of this test run, the same in every process of the run."""
    return Path(os.environ.setdefault("OM_TEST_DIR", str(_temporary() / f"omt-{os.getpid()}-{secrets.token_hex(3)}")))


def test_redis_dir() -> Path:
    """Each worker of a run has a Redis of its own, whose keys and channels no other test disturbs."""
    return test_servers_dir() / os.environ.get("PYTEST_XDIST_WORKER", "main")


def postgres_url(directory: Path, *, user: str = OWNER, database: str = DATABASE) -> str:
    return f"postgresql://{user}@/{database}?host={quote(str(directory), safe='/')}"


def redis_url(directory: Path) -> str:
    return f"unix://{directory / REDIS_SOCKET}"


def embedded_postgres_url(data_dir: Path, role: str) -> str:
    return postgres_url(servers_dir(data_dir), user=OWNER if role == "migration" else APP_ROLE)


def embedded_redis_url(data_dir: Path) -> str:
    return redis_url(servers_dir(data_dir))
