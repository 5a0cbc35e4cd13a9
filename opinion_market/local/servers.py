"""PostgreSQL and Redis of ``make up``: the embedded ones, unless the environment names others."""

from pathlib import Path

from opinion_market.local import binaries, layout, postgres, processes, redis, sockets


def reachable_data_dir(wanted: Path) -> Path:
    """``wanted``, made if need be, or another directory when the server account cannot reach it."""
    wanted.mkdir(parents=True, exist_ok=True)
    if processes.server_account() is None or binaries.is_open_to_all(wanted):
        return wanted
    return Path("/var/tmp") / f"opinion-market-{layout.path_key(wanted)}"  # noqa: S108


Server = postgres.EmbeddedPostgres | redis.EmbeddedRedis


def embedded(data_dir: Path, *, with_postgres: bool, with_redis: bool) -> list[Server]:
    """The servers to start, in order; none is started yet."""
    home, directory = reachable_data_dir(data_dir), layout.servers_dir(data_dir)
    chosen: list[Server] = []
    if with_postgres:
        chosen.append(
            postgres.EmbeddedPostgres(data_dir=home / "postgres", socket_dir=directory, settings=postgres.DURABLE)
        )
    if with_redis:
        chosen.append(redis.EmbeddedRedis(data_dir=home / "redis", socket_dir=directory))
    if chosen:
        sockets.prepare(directory)
    return chosen
