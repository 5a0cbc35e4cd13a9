"""From a record of ``logging`` to a line.

Contract   The only handler of the site: Django, Celery, the web server and every library come through the root logger.
           Extra fields are kept, secrets are not; the ids are those of the request or task that runs. Errors are
           written before ``emit`` returns.
"""

import logging
import re
import traceback
from typing import Any, Final

from common import request_context
from common.logs.lines import Line
from common.logs.redaction import clean_pair, clean_text
from common.logs.writer import writer

#: Attributes that every record has; everything else is an extra field.
_OWN: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
#: What libraries attach for handlers of their own: requests, whole task messages with arguments, SQL with values.
_UNWANTED: Final = frozenset({"request", "data", "server_time", "params", "alias", "sql", "duration", "color_message"})
_ADDRESS: Final = re.compile(r"(?<=\?)[^\s'\"<>]+")


class LineHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = record_line(record)
        except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
            # A message whose arguments don't fit it, or whose objects can't be shown.
            line = _unreadable(record, error)
        if record.levelno >= logging.ERROR:
            writer.put_now(line)
        else:
            writer.put(line)

    def flush(self) -> None:
        writer.flush()


def record_line(record: logging.LogRecord) -> Line:
    context = request_context.current.get()
    secrets = context.secrets() if context is not None and context.secrets is not None else []
    fields: dict[str, Any] = {
        "timestamp": record.created,
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": clean_text(_without_query(record.getMessage()), secrets),
    }
    for name, value in vars(record).items():
        if name not in _OWN and name not in _UNWANTED:
            fields[f"{name}_" if name in fields else name] = clean_pair(name, value, secrets)
    trace = _trace(record)
    if trace:
        fields["exception"] = clean_text(_without_query(trace), secrets)
    if record.stack_info:
        fields["stack"] = clean_text(record.stack_info, secrets)
    if context is not None:
        fields |= context.ids()
    return record.levelno, fields


def _trace(record: logging.LogRecord) -> str:
    if isinstance(record.exc_info, tuple) and record.exc_info[0] is not None:
        # Without the values of local variables, which nobody has looked through for secrets.
        return "".join(traceback.format_exception(*record.exc_info)).rstrip()
    return record.exc_text or ""


def _without_query(text: str) -> str:
    """What stands behind a question mark of an address may be anything that somebody typed."""
    return _ADDRESS.sub("...", text) if "?" in text else text


def _unreadable(record: logging.LogRecord, error: Exception) -> Line:
    fields = {
        "timestamp": record.created,
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": clean_text(str(record.msg)),
        "log_error": type(error).__name__,
    }
    context = request_context.current.get()
    return record.levelno, fields | (context.ids() if context is not None else {})
