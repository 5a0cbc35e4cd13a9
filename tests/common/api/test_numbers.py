"""Measurements in bodies: numbers, and nothing that looks like one."""

from typing import Any

import pytest

from common.api.errors import RequestInvalid
from common.api.fields import Fields


@pytest.mark.parametrize(("sent", "expected"), [(80, 80.0), (0.5, 0.5), (-3, -3.0), (None, None)])
def test_a_number_is_read(sent: Any, expected: float | None) -> None:
    fields = Fields({"threshold": sent})
    assert fields.number("threshold") == expected
    fields.finish()


@pytest.mark.parametrize("sent", ["80", True, [1], {}, 1e16, float("nan"), float("inf"), 10**400])
def test_what_is_no_number_is_refused(sent: Any) -> None:
    fields = Fields({"threshold": sent})
    assert fields.number("threshold") is None
    with pytest.raises(RequestInvalid) as refused:
        fields.finish()
    assert [(one.pointer, one.code) for one in refused.value.errors] == [("/threshold", "field.not_a_number")]


def test_a_needed_number_is_missed() -> None:
    fields = Fields({})
    assert fields.number("threshold", is_required=True) is None
    assert [(one.pointer, one.code) for one in fields.errors] == [("/threshold", "field.required")]
