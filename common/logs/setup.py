"""Make a process write its lines: what the settings hand to ``logging`` and to structlog."""

import logging
import sys
import threading
from collections.abc import Iterable, MutableMapping
from pathlib import Path
from types import TracebackType
from typing import Any

import structlog

from common.logs import redaction
from common.logs.handler import LineHandler
from common.logs.writer import writer

_log = logging.getLogger("process")
_RECORD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def line_handler(
    *, directory: str, console_level: str, console_format: str, secrets: Iterable[str] = ()
) -> logging.Handler:
    """The handler of the root logger; the writer is set up on the way. ``directory`` "" means no files."""
    redaction.know(secrets)
    writer.configure(
        directory=_writable(directory), console_level=logging.getLevelName(console_level), console_format=console_format
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.PositionalArgumentsFormatter(),
            _apart_from_record,
            structlog.stdlib.render_to_log_kwargs,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return LineHandler()


def log_what_nobody_catches() -> None:
    """The last words of a process or thread are lines as well; for processes of the site, not for tests."""
    logging.captureWarnings(True)
    sys.excepthook = _last_words
    threading.excepthook = _last_words_of_thread


def _last_words(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _log.critical("The process ends with an error.", exc_info=(kind, error, trace))


def _last_words_of_thread(last: threading.ExceptHookArgs) -> None:
    if last.exc_value is not None and not isinstance(last.exc_value, SystemExit):
        name = last.thread.name if last.thread is not None else ""
        _log.error("A thread ended with an error.", exc_info=last.exc_value, extra={"thread_name": name})


def _writable(directory: str) -> Path | None:
    if not directory:
        return None
    path = Path(directory)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError:
        # Read-only containers have the console.
        return None
    return path


def _apart_from_record(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Fields that a record has of its own get an underscore; ``logging`` refuses them otherwise."""
    kept = {"event", "exc_info", "stack_info", "stacklevel"}
    return {f"{name}_" if name in _RECORD_FIELDS and name not in kept else name: value for name, value in event.items()}
