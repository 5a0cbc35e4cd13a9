"""Spans to an OpenTelemetry collector: OTLP over HTTP. Imported only where ``OTEL_EXPORTER_OTLP_ENDPOINT`` is set.

Contract   Needs requirements-otel.txt. A thread sends batches; what doesn't fit into its queue is dropped, so that no
           request waits for a collector. The endpoint, headers, time-outs and queue are those of OpenTelemetry's own
           variables (``OTEL_EXPORTER_OTLP_*``, ``OTEL_BSP_*``, ``OTEL_SERVICE_NAME``, ``OTEL_RESOURCE_ATTRIBUTES``).
Why        The product makes its spans itself, from the ids that it has anyway, and borrows only the sending: the
           instrumentations of others would wrap every call of Django, psycopg and Celery (docs/adr/0022, 0044).
"""

import atexit
import logging
import os
import socket
import threading
from typing import Final

from django.conf import settings
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from common.tracing import Kind, Span
from common.version import VERSION

_KINDS: Final = {
    Kind.SERVER: SpanKind.SERVER,
    Kind.CLIENT: SpanKind.CLIENT,
    Kind.CONSUMER: SpanKind.CONSUMER,
    Kind.INTERNAL: SpanKind.INTERNAL,
}
STOP_S: Final = 3.0
# It would say so of each span that finds the queue full, and of each try while the collector is away.
logging.getLogger("opentelemetry").setLevel(logging.ERROR)
_SAMPLED: Final = TraceFlags(TraceFlags.SAMPLED)


class OtlpExporter:
    def __init__(self) -> None:
        self._resource = Resource.create(
            {
                "service.name": os.environ.get("OTEL_SERVICE_NAME") or "opinion-market",
                "service.version": VERSION,
                "service.instance.id": f"{socket.gethostname()}-{os.getpid()}",
                "process.pid": os.getpid(),
                "opinion_market.role": settings.ENV.process_role,
            }
        )
        self._processor = BatchSpanProcessor(OTLPSpanExporter())
        atexit.register(self.stop)

    def take(self, span: Span) -> None:
        self._processor.on_end(
            ReadableSpan(
                name=span.name,
                context=_context(span.trace_id, span.span_id, is_remote=False),
                parent=_context(span.trace_id, span.parent_id, is_remote=True) if span.parent_id else None,
                resource=self._resource,
                attributes=span.attributes,
                kind=_KINDS[span.kind],
                status=Status(StatusCode.ERROR) if span.is_failed else Status(StatusCode.UNSET),
                start_time=span.began,
                end_time=span.ended,
            )
        )

    def stop(self) -> None:
        """Send what waits; a collector that doesn't answer keeps nobody from ending."""
        atexit.unregister(self.stop)
        ending = threading.Thread(target=self._processor.shutdown, daemon=True)
        ending.start()
        ending.join(STOP_S)


def _context(trace_id: str, span_id: str, *, is_remote: bool) -> SpanContext:
    return SpanContext(int(trace_id, 16), int(span_id, 16), is_remote, _SAMPLED)
