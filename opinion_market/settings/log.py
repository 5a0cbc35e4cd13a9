"""One line a message: JSON in ``app.log`` and ``error.log``; on standard error as ``LOG_FORMAT`` says."""

import logging
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from common.logs.setup import line_handler
from opinion_market.settings.env import Env, read

#: A logger of a library that brings handlers of its own, or says each time what our own line says better.
_THROUGH_ROOT: dict[str, Any] = {"handlers": [], "propagate": True}


def directory(env: Env, base_dir: Path) -> str:
    """Where the files are: ``LOG_DIR``, or ``logs`` beside the data, or ``logs`` in the clone; "" for nowhere."""
    if env.log_dir:
        return "" if env.log_dir == "none" else str(Path(env.log_dir).resolve())
    return str((Path(env.data_dir).resolve() if env.data_dir else base_dir) / "logs")


def secrets(env: Env) -> list[str]:
    """What the settings know and no line may repeat."""
    urls = [url for url in (env.database_url, env.redis_url, env.email_url) if url]
    passwords = [unquote(urlsplit(url).password or "") for url in urls]
    return [env.secret_key, env.metrics_token, *passwords, *(url for url in urls if urlsplit(url).password)]


def config(env: Env, log_dir: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "handlers": {"lines": {"()": "common.logs.setup.line_handler", **_handler(env, log_dir)}},
        "root": {"handlers": ["lines"], "level": env.log_level},
        "loggers": {
            # Django's default has handlers for the console and for e-mails to admins.
            "django": _THROUGH_ROOT,
            # Refused requests are the caller's business; failures still show.
            "django.request": {"level": "ERROR", **_THROUGH_ROOT},
            "django.server": {"level": "WARNING", **_THROUGH_ROOT},
            "django.security.DisallowedHost": {"level": "CRITICAL", **_THROUGH_ROOT},
            # The web server starts with handlers of its own, before this file is read.
            "_granian": _THROUGH_ROOT,
            "granian.access": {"level": "WARNING", **_THROUGH_ROOT},
            # Each task has a line of ours.
            "celery.worker.strategy": {"level": "WARNING", **_THROUGH_ROOT},
            "celery.app.trace": {"level": "WARNING", **_THROUGH_ROOT},
            "celery.beat": {"level": "WARNING", **_THROUGH_ROOT},
            "httpx": {"level": "WARNING", **_THROUGH_ROOT},
            "httpcore": {"level": "WARNING", **_THROUGH_ROOT},
        },
    }


def process_handler() -> logging.Handler:
    """The same handler for a process that runs without Django, such as the web server's parent."""
    env = read(os.environ)
    return line_handler(**_handler(env, directory(env, Path(__file__).resolve().parents[2])))


def _handler(env: Env, log_dir: str) -> dict[str, Any]:
    return {
        "directory": log_dir,
        "console_level": env.log_console_level,
        "console_format": env.log_format,
        "secrets": secrets(env),
    }
