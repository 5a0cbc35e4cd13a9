"""The SQL of every migration since the last release, read by squawk: does it stop the old programs, or wait for long?

    lint_migrations.py                 exit 1 when one does
    lint_migrations.py release > docs/releases/migrations-VERSION.txt

Each migration is written down as SQL just before it is applied to a PostgreSQL of its own, so that names which
Django looks up are those that the migration will meet.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SQUAWK = ROOT / ".venv-security/bin/squawk"
RELEASES = ROOT / "docs/releases"
APPS = (
    "accounts", "alerting", "business", "common", "forecasting", "market_ai", "markets", "monitoring", "optimizer",
    "reports", "scaling", "sentiment", "skill", "trading",
)  # fmt: skip
#: Matters of taste, or what the command `migrate` does for all of them.
EXCLUDED = (
    "prefer-bigint-over-int", "prefer-bigint-over-smallint", "prefer-identity", "prefer-text-field",
    "prefer-robust-stmts", "require-timeout-settings", "require-table-schema", "identifier-too-long",
)  # fmt: skip


def released() -> set[str]:
    """Those that a release has brought already: nobody can change them any more."""
    files = sorted(RELEASES.glob("migrations-[0-9]*.txt"))
    return {line for file in files for line in file.read_text(encoding="utf-8").split()}


def accepted() -> dict[str, str]:
    """What is known of older ones, by name."""
    lines = (RELEASES / "migrations-accepted.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split() for line in lines if line and not line.startswith("#"))


def written() -> Iterator[tuple[str, bool, str]]:
    """Name, whether it is one transaction, and SQL of each migration in the order that they are applied in."""
    from django.db import connection  # noqa: PLC0415  after django.setup
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    state = executor._create_project_state(with_applied_migrations=True)
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
            migration.apply(state.clone(), editor, collect_sql=True)
        yield f"{migration.app_label}/{migration.name}", migration.atomic, "\n".join(editor.collected_sql)
        state = executor.apply_migration(state, migration)


def names() -> list[str]:
    """All that this version has, in the order that they are applied in; no database is asked."""
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415  after django.setup

    graph = MigrationLoader(None).graph
    plan = dict.fromkeys(key for leaf in graph.leaf_nodes() for key in graph.forwards_plan(leaf))
    return [f"{app}/{name}" for app, name in plan if app in APPS]


def lint(name: str, is_atomic: bool, statements: str) -> bool:
    excluded = ",".join([*EXCLUDED, accepted().get(name, "")]).rstrip(",")
    command = [
        str(SQUAWK), "--pg-version", "18.0", "--reporter", "gcc", "--stdin-filepath", f"{name}.sql",
        "--exclude", excluded,
    ]  # fmt: skip
    if is_atomic:
        command.append("--assume-in-transaction")
    done = subprocess.run(command, input=statements, text=True, check=False, capture_output=True)
    if done.returncode:
        print(done.stdout, done.stderr)
    return done.returncode == 0


def lint_new() -> int:
    known = released()
    ours = [(name, *rest) for name, *rest in written() if name.split("/")[0] in APPS]
    new = [one for one in ours if one[0] not in known]
    bad = [one[0] for one in new if not lint(*one)]
    print(
        f"{len(new)} migrations since the last release"
        + (f"; stop or wait: {', '.join(bad)}" if bad else ", none stops anybody.")
    )
    return 1 if bad else 0


def set_up(database_url: str) -> None:
    import django  # noqa: PLC0415  knows the database from here on

    os.environ["DATABASE_URL"] = database_url
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")
    django.setup()


def main(arguments: list[str]) -> int:
    from opinion_market.local import sockets  # noqa: PLC0415  from the folder above
    from opinion_market.local.postgres import THROWAWAY, EmbeddedPostgres  # noqa: PLC0415

    if arguments == ["release"]:
        set_up("postgresql://nobody@localhost/none")
        print("\n".join(names()))
        return 0
    with tempfile.TemporaryDirectory(prefix="om-lint-") as work:
        directory = Path(work)
        sockets.prepare(directory)
        server = EmbeddedPostgres(data_dir=directory / "pg", socket_dir=directory, settings=THROWAWAY)
        server.start()
        try:
            server.create_database()
            set_up(server.url())
            return lint_new()
        finally:
            server.stop()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    sys.exit(main(sys.argv[1:]))
