import re

import pytest

from common.request_context import RequestContext, from_headers

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def test_new_ids_are_well_formed_and_differ() -> None:
    one, other = RequestContext(), RequestContext()
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", one.traceparent)
    assert re.fullmatch(r"[0-9a-f]{16}", one.request_id)
    assert len({one.request_id, other.request_id, one.span_id, other.span_id}) == 4


@pytest.mark.parametrize("flags", ["00", "01"])
def test_a_trace_is_joined_with_a_span_of_our_own(flags: str) -> None:
    context = RequestContext("caller-0001", f"00-{TRACE}-{SPAN}-{flags}", "vendor=1")
    assert (context.trace_id, context.parent_id, context.flags) == (TRACE, SPAN, flags)
    assert context.span_id != SPAN
    assert context.outgoing() == {
        "X-Request-ID": "caller-0001", "traceparent": f"00-{TRACE}-{context.span_id}-{flags}", "tracestate": "vendor=1"
    }  # fmt: skip


def test_a_later_version_is_read_as_far_as_it_is_known() -> None:
    assert RequestContext("", f"01-{TRACE}-{SPAN}-01-more").trace_id == TRACE


@pytest.mark.parametrize(
    "given",
    [
        "", "nonsense", f"00-{TRACE}-{SPAN}", f"00-{TRACE.upper()}-{SPAN}-01", f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE}-{'0' * 16}-01", f"00-{TRACE}-{SPAN}-01-more", f"00-{TRACE}-{SPAN}-0g",
    ],
)  # fmt: skip
def test_a_malformed_traceparent_starts_a_new_trace(given: str) -> None:
    context = RequestContext("", given, "vendor=1")
    assert (context.trace_id == TRACE, context.parent_id, context.tracestate) == (False, "", "")


@pytest.mark.parametrize("given", ["omk_0123456789", "x-whsec_0123456", "*/ DROP", "short", "a" * 65, "a\nb-0123456"])
def test_what_is_no_request_id_is_replaced(given: str) -> None:
    assert RequestContext(given).request_id != given


def test_headers_of_a_message_carry_the_context_on() -> None:
    sent = RequestContext("caller-0001", f"00-{TRACE}-{SPAN}-01")
    received = from_headers({name.lower(): value for name, value in sent.outgoing().items()})
    assert (received.request_id, received.trace_id, received.parent_id) == ("caller-0001", TRACE, sent.span_id)
