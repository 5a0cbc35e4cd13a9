"""German dates as Django has them; numbers as machines write them (common.languages writes those of people)."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
