"""From the URLs of the environment to what Django, Celery and SMTP want."""

from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

#: statement, lock and idle-in-transaction limits in milliseconds; 0 is none.
TIME_LIMITS_MS: Final = {
    "web": (5_000, 2_000, 10_000),
    "worker": (60_000, 5_000, 30_000),
    "command": (0, 0, 0),
    "migration": (0, 1_000, 0),
    # A web process on a machine so busy that a test may pause within a transaction.
    "test": (60_000, 2_000, 0),
}
#: A server that is cut off without a word would otherwise keep its threads, and a market's lock, for many minutes.
LOST_AFTER: Final = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
}


def database(url: str, role: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    statement, lock, idle = TIME_LIMITS_MS[role]
    limits = (
        f"-c statement_timeout={statement} -c lock_timeout={lock} -c idle_in_transaction_session_timeout={idle}"
        " -c default_transaction_isolation=read\\ committed"
    )
    return {
        "ENGINE": "opinion_market.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        # Each thread keeps its connection; one that broke is noticed when it is used again, see the backend.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {**LOST_AFTER, **query, "options": limits, "application_name": f"opinion-market-{role}"},
    }


def replica(url: str, role: str) -> dict[str, Any]:
    """As the database, but nothing can be written, and one that is away is given up soon."""
    settings = database(url, role)
    options = settings["OPTIONS"]
    limits = f"{options['options']} -c default_transaction_read_only=on"
    return settings | {"OPTIONS": {**options, "connect_timeout": "2", "options": limits}}


def celery_broker(redis_url: str) -> str:
    return "redis+socket" + redis_url.removeprefix("unix") if redis_url.startswith("unix:") else redis_url


def smtp_url(server: str, port: int, username: str, password: str) -> str:
    """The URL of ``EMAIL_URL`` that says the same."""
    person = f"{quote(username, safe='')}:{quote(password, safe='')}@" if username else ""
    host = f"[{server}]" if ":" in server else server
    return f"{'smtps' if port == 465 else 'smtp'}://{person}{host}:{port}"


def email(url: str) -> dict[str, Any]:
    """Every e-mail is a job; ``EMAIL_SENDER`` is what the job hands it to."""
    parts = urlsplit(url)
    queued = {"EMAIL_BACKEND": "common.mail.backend.QueuedEmailBackend"}
    if parts.scheme == "console":
        return queued | {"EMAIL_SENDER": "django.core.mail.backends.console.EmailBackend"}
    return queued | {
        "EMAIL_SENDER": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and bool(parts.username),
        "EMAIL_TIMEOUT": 10,
    }
