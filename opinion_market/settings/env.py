"""Every setting that the environment can change, declared once.

Contract   ``read(environ)`` answers a typed, frozen ``Env`` or raises ``EnvError`` that names every wrong
           key with its value and what is allowed. An unset or empty variable means the default.
Documented ``docs/configuration.md`` lists the same keys; a test keeps both equal.
"""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final
from urllib.parse import urlsplit

INSECURE_SECRET_KEY: Final = "insecure-development-key-do-not-use-outside-your-own-machine"  # noqa: S105


class EnvError(Exception):
    """The environment holds values that this product cannot run with."""


@dataclass(frozen=True)
class Kind:
    """How text becomes a value: ``parse`` raises ``ValueError``; ``allowed`` ends "must be ..."."""

    parse: Callable[[str], Any]
    allowed: str


def _flag(text: str) -> bool:
    values = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
    if text.lower() not in values:
        raise ValueError
    return values[text.lower()]


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _networks(text: str) -> tuple[str, ...]:
    names = () if text == "none" else _names(text)
    return tuple(str(ipaddress.ip_network(name)) for name in names)


def one_of(*values: str) -> Kind:
    def parse(text: str) -> str:
        if text not in values:
            raise ValueError
        return text

    return Kind(parse, "one of " + ", ".join(values))


def integer(lowest: int, highest: int) -> Kind:
    def parse(text: str) -> int:
        if not lowest <= int(text) <= highest:
            raise ValueError
        return int(text)

    return Kind(parse, f"a whole number from {lowest} to {highest}")


def number(lowest: float, highest: float) -> Kind:
    def parse(text: str) -> float:
        if not lowest <= float(text) <= highest:
            raise ValueError
        return float(text)

    return Kind(parse, f"a number from {lowest:g} to {highest:g}")


def integers(lowest: int, highest: int, count_max: int) -> Kind:
    """Different whole numbers in rising order, with commas between them."""

    def parse(text: str) -> tuple[int, ...]:
        found = tuple(sorted({int(name) for name in _names(text)}))
        if not 1 <= len(found) <= count_max or not lowest <= found[0] <= found[-1] <= highest:
            raise ValueError
        return found

    return Kind(parse, f"1 to {count_max} whole numbers from {lowest} to {highest}, with commas between them")


def url(*schemes: str) -> Kind:
    def parse(text: str) -> str:
        if urlsplit(text).scheme not in schemes:
            raise ValueError
        return text

    return Kind(parse, "a URL that starts with " + " or ".join(f"{scheme}://" for scheme in schemes))


TEXT: Final = Kind(str, "text")
FLAG: Final = Kind(_flag, "true or false")
NAMES: Final = Kind(_names, "names with commas between them")
NETWORKS: Final = Kind(_networks, "networks such as 10.0.0.0/8 with commas between them, or none")


def key(kind: Kind, default: Any, doc: str, *, secret: bool = False) -> Any:
    return field(metadata={"kind": kind, "default": default, "doc": doc, "secret": secret})


@dataclass(frozen=True, kw_only=True)
class Env:
    """One attribute per key; the key is the attribute in capitals."""

    secret_key: str = key(
        TEXT, INSECURE_SECRET_KEY, "Signs sessions and tokens; 50 or more random characters.", secret=True
    )
    secret_key_fallbacks: tuple[str, ...] = key(
        NAMES, (), "Other keys that still count, while `SECRET_KEY` is changed: docs/rotation.md.", secret=True
    )
    debug: bool = key(FLAG, False, "Detailed error pages. Refused in production.")
    allowed_hosts: tuple[str, ...] = key(
        NAMES, ("localhost", "127.0.0.1", "[::1]"), "Host names this site answers to; production refuses `*`."
    )
    csrf_trusted_origins: tuple[str, ...] = key(
        NAMES, (), "Further origins, such as https://example.org, that may post."
    )
    public_url: str = key(url("http", "https"), "http://127.0.0.1:8000", "Address that e-mails and documents link to.")
    database_url: str = key(
        url("postgresql", "postgres"),
        "",
        "PostgreSQL 15 or later. Unset: the embedded server of `make up`.",
        secret=True,
    )
    database_replica_url: str = key(
        url("postgresql", "postgres"),
        "",
        "A streaming replica of `DATABASE_URL` that answers business figures and reports. Unset: none.",
        secret=True,
    )
    replica_lag_max_s: float = key(
        number(0.1, 3_600), 15.0, "Seconds that the replica may be behind; beyond, the database answers."
    )
    redis_url: str = key(
        url("redis", "rediss", "unix"), "", "Redis 6.2 or later. Unset: the embedded server of `make up`.", secret=True
    )
    process_role: str = key(
        one_of("web", "worker", "command", "migration"),
        "web",
        "What this process is; picks its time limits in the database; only `migration` may change tables.",
    )
    host: str = key(TEXT, "127.0.0.1", "Address the web server binds to.")
    port: int = key(integer(1, 65535), 8000, "Port the web server binds to.")
    server: str = key(one_of("granian", "daphne"), "granian", "Web server that `make up` starts.")
    web_processes: int = key(integer(1, 64), 2, "Web processes under Granian.")
    http_threads: int = key(
        integer(1, 256),
        32,
        "Threads (and database connections) for requests, each web process; single orders have up to 9 more.",
    )
    drain_grace_s: float = key(
        number(0, 300),
        5.0,
        "Seconds that a web process goes on answering after SIGTERM while `/ready` says that it drains; "
        "the programs of `make up`, which nobody balances, have 0 unless told otherwise.",
    )
    drain_finish_s: float = key(
        number(0.1, 300), 10.0, "Seconds that requests have to be answered when a web process ends, after its grace."
    )
    reconnect_spread_s: float = key(
        number(0.5, 300), 5.0, "Seconds over which sockets that a restart closes are asked to come back."
    )
    http_body_max_bytes: int = key(
        integer(1024, 1 << 30), 1 << 20, "Largest request body; a longer one is cut with 413."
    )
    api_reads: int = key(integer(1, 10_000_000), 3_000, "API reads in 10 s for each key or session.")
    api_writes: int = key(integer(1, 10_000_000), 1_000, "API writes in 10 s for each key or session.")
    api_cancels: int = key(integer(1, 10_000_000), 2_000, "Cancelled orders in 10 s for each key or session.")
    api_anonymous_reads: int = key(integer(1, 10_000_000), 3_000, "API reads in 10 s for each address without a key.")
    stream_connections_max: int = key(
        integer(1, 1_000_000), 2_000, "Sockets of streams that each web process serves at once."
    )
    starting_credits: int = key(integer(0, 1_000_000_000), 1_000, "Credits that each new account starts with.")
    orders_open_max: int = key(
        integer(0, 10_000_000),
        100_000,
        "Open orders of one trader in one market, unless staff set another; 0: no limit.",
    )
    order_size_max: int = key(
        integer(0, 1_000_000_000), 0, "Shares of one order, unless staff set another; 0: no limit."
    )
    position_max: int = key(
        integer(0, 1_000_000_000), 0, "Shares of one outcome for one trader, unless staff set another; 0: no limit."
    )
    market_approval: bool = key(FLAG, False, "Markets of people who aren't operators open once staff approve them.")
    price_band: float = key(
        number(0, 1), 0.0, "How far from an outcome's price an order may trade, unless staff set another; 0: anywhere."
    )
    post_only_after_halt_s: int = key(
        integer(0, 86_400), 60, "Seconds after a halt in which orders only rest, unless who resumes says another."
    )
    override_window_s: int = key(
        integer(60, 2_592_000), 86_400, "Seconds in which a second operator can approve an override."
    )
    settlement_undo_window_s: int = key(
        integer(0, 2_592_000), 86_400, "Seconds after a settlement in which it can be undone; 0: never."
    )
    worker_processes: int = key(integer(1, 64), 1, "Processes of the Celery worker.")
    job_processes: int = key(
        integer(1, 64), 2, "Processes of the Celery worker for background jobs: exports, e-mail (the queue `jobs`)."
    )
    max_workers: int = key(
        integer(1, 64), 16, "Upper bound of the three numbers of processes; the smaller number counts."
    )
    cache_ttl: int = key(integer(1, 86_400), 60, "Seconds that a cached answer is fresh, where the code says no other.")
    memory_threshold_mb: int = key(
        integer(0, 1 << 20), 1_024, "Memory in MB of one process beyond which it is watched or recycled; 0 for never."
    )
    config_dir: str = key(TEXT, "", "Folder of `performance.yaml` and `alerting.yaml`. Unset: `config` in the clone.")
    data_dir: str = key(TEXT, "", "Where the embedded servers keep their data. Unset: `.data` in the clone.")
    demo: bool = key(FLAG, True, "`make up` fills an empty database with a demo and runs its simulated traders.")
    log_level: str = key(one_of("DEBUG", "INFO", "WARNING", "ERROR"), "INFO", "Least severe message that is logged.")
    log_format: str = key(one_of("console", "json"), "console", "Lines on standard error for people, or JSON.")
    log_console_level: str = key(
        one_of("DEBUG", "INFO", "WARNING", "ERROR"),
        "INFO",
        "Least severe message on standard error; the programs of `make up` say WARNING unless told otherwise.",
    )
    log_dir: str = key(
        TEXT, "", "Directory of `app.log` and `error.log`, or `none`. Unset: `logs` in `DATA_DIR` or in the clone."
    )
    log_sample_rate: float = key(
        number(0, 1), 1.0, "Share of successful requests and tasks that get a line; failures and slow ones always do."
    )
    log_requests_per_second: int = key(
        integer(0, 1_000_000),
        100,
        "Most lines a second about successes, and about refusals, from each process; what is left out is counted.",
    )
    slow_request_threshold: float = key(
        number(0.001, 3600), 1.0, "Seconds; a request that takes longer is logged with where the time went."
    )
    sql_comments: bool = key(FLAG, True, "Statements of Django's cursors carry the ids of their request.")
    email_url: str = key(
        url("smtp", "smtps", "console"),
        "console://",
        "smtp://user:password@host:port, or console:// to print.",
        secret=True,
    )
    email_from: str = key(TEXT, "Opinion Market <noreply@localhost>", "Sender of every e-mail.")
    smtp_server: str = key(TEXT, "", "Mail server of every e-mail; goes before `EMAIL_URL`.")
    smtp_port: int = key(
        integer(1, 65_535), 587, "Port of `SMTP_SERVER`: 465 is TLS from the start, otherwise STARTTLS with a user."
    )
    smtp_username: str = key(TEXT, "", "User at `SMTP_SERVER`.")
    smtp_password: str = key(TEXT, "", "Password at `SMTP_SERVER`.", secret=True)
    slack_webhook_url: str = key(
        url("https", "http"), "", "Incoming webhook of Slack for the channel `slack`.", secret=True
    )
    delivery_threads: int = key(
        integer(2, 64), 16, "Threads of the worker that evaluates alerts and sends messages (the queue `alerting`)."
    )
    outgoing_allowed_hosts: tuple[str, ...] = key(
        NAMES, (), "Hosts (`name` or `name:port`) within the own network that webhooks and other requests may reach."
    )
    metrics_enabled: bool = key(FLAG, True, "Processes measure themselves, and `/metrics` answers.")
    metrics_token: str = key(TEXT, "", "Whoever sends it as `Authorization: Bearer` may read `/metrics`.", secret=True)
    metrics_networks: tuple[str, ...] = key(
        NETWORKS, ("127.0.0.0/8", "::1/128"), "Who may read `/metrics` without a token; `none` for nobody."
    )
    otel_exporter_otlp_endpoint: str = key(
        url("http", "https"), "", "OpenTelemetry collector (OTLP over HTTP) that traces go to. Unset: none are made."
    )
    otel_traces_sampler_arg: float = key(number(0, 1), 1.0, "Share of all traces that is sent.")
    analytics_ml_enabled: bool = key(
        FLAG, True, "Every series is watched for anomalies and forecast, until an operator starts or stops it."
    )
    analytics_prediction_horizons: tuple[int, ...] = key(
        integers(5, 1_440, 8), (15, 30, 60, 120), "Minutes ahead that forecasts are made for."
    )
    analytics_anomaly_threshold: float = key(
        number(0.5, 20), 2.5, "Severity from which a value is an anomaly; less finds more and cries wolf more."
    )
    journal_keep_days: int = key(
        integer(1, 36_500), 90, "Days that journal records stay in their table; older ones are in the archive's files."
    )
    journal_archive_dir: str = key(
        TEXT, "", "Folder of the journal's archive; web and job processes share it. Unset: `journal` in `DATA_DIR`."
    )
    report_keep_days: int = key(integer(1, 3_650), 90, "Days that reports and their files are kept.")
    auto_scaling_enabled: bool = key(
        FLAG, False, "The platform decides how many processes it needs, until an operator starts or stops it."
    )
    auto_scaling_min_instances: int = key(integer(1, 1_000), 1, "Least processes of each kind that scaling asks for.")
    auto_scaling_max_instances: int = key(integer(1, 1_000), 10, "Most processes of each kind that scaling asks for.")
    auto_scaling_cooldown_period: int = key(
        integer(0, 86_400), 300, "Seconds after a change in which scaling takes no process away; of new policies."
    )
    alerting_enabled: bool = key(
        FLAG, True, "Rules are looked at and alerts are told, until an operator starts or stops it."
    )
    alerting_evaluation_interval: int = key(
        integer(0, 3_600), 0, "Seconds between two looks at the rules; 0 for what `config/alerting.yaml` says (30)."
    )
    alerting_escalation_timeout: int = key(
        integer(0, 604_800),
        0,
        "Seconds after which the severity of an alert that nobody took rises; 0 for what `config/alerting.yaml` says "
        "(1800).",
    )
    alerting_heartbeat_url: str = key(
        TEXT,
        "",
        "Asked each minute while rules are looked at in time; a watch outside alarms when it is not. Unset: nobody.",
        secret=True,
    )
    performance_optimization_enabled: bool = key(
        FLAG, True, "The optimizer looks and acts as its strategy lets it, until an operator starts or stops it."
    )
    performance_optimization_strategy: str = key(
        one_of("aggressive", "balanced", "conservative"),
        "",
        "How eagerly the site tunes itself; without it what `config/performance.yaml` says.",
    )
    optimizer_database_url: str = key(
        url("postgresql", "postgres"),
        "",
        "A role that owns the tables, for indexes and vacuums of the optimizer.",
        secret=True,
    )
    trusted_proxies: int = key(
        integer(0, 8), 0, "Proxies in front that append to X-Forwarded-For; 0 means the peer is the client."
    )
    require_staff_mfa: bool = key(FLAG, True, "Production only: staff need a second factor to enter /admin.")
    https: bool = key(FLAG, True, "Production only: redirect to HTTPS, secure cookies and HSTS.")


def read(environ: Mapping[str, str]) -> Env:
    values: dict[str, Any] = {}
    mistakes: list[str] = []
    for spec in fields(Env):
        name, kind, text = spec.name.upper(), spec.metadata["kind"], environ.get(spec.name.upper(), "")
        try:
            values[spec.name] = kind.parse(text) if text else spec.metadata["default"]
        except ValueError:
            shown = "(hidden)" if spec.metadata["secret"] else repr(text)
            mistakes.append(f"{name}={shown} must be {kind.allowed}.")
    if mistakes:
        raise EnvError(" ".join(mistakes))
    return Env(**values)


def production_mistakes(env: Env) -> list[str]:
    """Sentences that say why production must not start with ``env``."""
    mistakes = []
    if env.secret_key == INSECURE_SECRET_KEY or len(env.secret_key) < 50 or len(set(env.secret_key)) < 5:
        mistakes.append("SECRET_KEY must be set to 50 or more random characters.")
    if env.debug:
        mistakes.append("DEBUG='true' must be false.")
    if any("*" in host for host in env.allowed_hosts) or not env.allowed_hosts:
        mistakes.append("ALLOWED_HOSTS must be the site's own host names, without '*'.")
    mistakes += [f"{name} must be set." for name in ("DATABASE_URL", "REDIS_URL") if not getattr(env, name.lower())]
    return mistakes
