"""PostgreSQL and Redis of ``make up``: the embedded ones, unless the environment names others."""

from pathlib import Path

from opinion_market.local import binaries, layout, postgres, processes, redis, sockets


def data_dir(project_dir: Path) -> Path:
    """``.data`` of this clone, or a directory that the server account can reach when root's clone is private."""
    if processes.server_account() is None or binaries.is_open_to_all(project_dir):
        return project_dir / ".data"
    return Path("/var/tmp") / f"opinion-market-{layout.path_key(project_dir)}"  # noqa: S108


Server = postgres.EmbeddedPostgres | redis.EmbeddedRedis


def embedded(project_dir: Path, *, with_postgres: bool, with_redis: bool) -> list[Server]:
    """The servers to start, in order; none is started yet."""
    home, directory = data_dir(project_dir), layout.servers_dir(project_dir)
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
