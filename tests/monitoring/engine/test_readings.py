import pytest

from monitoring.engine.readings import reading


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "shown"),
    [
        (None, "%", 1, ("–", "")),
        (93.26, "%", 1, ("93.3", "%")),
        (143.04, "requests/s", 1, ("143.0", "/s")),
        (24_310, "requests/s", 1, ("24.3k", "/s")),
        (6, "connections", 0, ("6", "")),
        (9.125, "ms", 1, ("9.12", "ms")),
        (312.4, "ms", 1, ("312", "ms")),
        (1_750, "ms", 1, ("1.75", "s")),
        (0, "s", 1, ("0.0", "s")),
        (0.012, "s", 3, ("12.0", "ms")),
        (75, "s", 1, ("75", "s")),
        (600, "s", 1, ("10.0", "min")),
        (7_200, "s", 1, ("2.00", "h")),
        (512, "bytes", 0, ("512", "B")),
        (3_972_844_748, "bytes", 0, ("3.70", "GiB")),
        (2_202_009, "bytes/s", 0, ("2.10", "MiB/s")),
        (1, "0/1", 0, ("fine", "")),
        (0, "0/1", 0, ("broken", "")),
    ],
)
def test_a_value_reads_as_number_and_unit(
    value: float | None, unit: str, decimals: int, shown: tuple[str, str]
) -> None:
    assert reading(value, unit, decimals) == shown
