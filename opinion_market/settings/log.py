"""One line a message on standard error: readable, or JSON with the request id and every extra field."""

from typing import Any

import structlog


def config(level: str, line_format: str) -> dict[str, Any]:
    renderer = (
        structlog.processors.JSONRenderer() if line_format == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.format_exc_info, renderer]
    if line_format == "console":
        last.remove(structlog.processors.format_exc_info)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": structlog.stdlib.ProcessorFormatter, "processors": last, "foreign_pre_chain": shared}
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Refused requests are the caller's business; failures still show.
            "django.request": {"level": "ERROR"},
            "django.server": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }
