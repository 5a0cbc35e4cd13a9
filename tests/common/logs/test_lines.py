from common.logs.lines import as_text

_FIELDS = {"timestamp": 1_795_348_800.0, "level": "warning"}


def test_nothing_that_was_sent_begins_a_line_or_steers_a_terminal() -> None:
    sent = "/x\n2026-11-22 00:00:00 critical all is lost\x1b[2J\u2028\x9b1m"
    assert as_text({**_FIELDS, "event": "slow_request", "path": sent}).decode() == (
        "2026-11-22 12:00:00 warning  slow_request"
        " path=/x\\n2026-11-22 00:00:00 critical all is lost\\x1b[2J\\u2028\\x9b1m\n"
    )


def test_a_trace_has_lines_of_its_own_set_in() -> None:
    fields = {**_FIELDS, "event": "failed", "exception": "Traceback:\n\tline\nValueError: \x1b[31mred\r"}
    assert as_text(fields).decode() == (
        "2026-11-22 12:00:00 warning  failed\n  Traceback:\n  \tline\n  ValueError: \\x1b[31mred\\x0d\n"
    )
