"""Codes inside ``errors`` of a ``request.invalid``."""

from typing import Final

FIELD_GUIDE: Final[dict[str, str]] = {
    "field.required": "The field is missing, null or empty.",
    "field.unknown": "There is no such field; a typo would otherwise be lost silently.",
    "field.repeated": "A query parameter came twice.",
    "field.not_text": "Text in quotes is due.",
    "field.not_texts": "A list of texts is due.",
    "field.not_a_list": "A list is due, of what the detail says.",
    "field.not_ids": "A list of ids is due: whole numbers from 1.",
    "field.not_object": "A JSON object is due.",
    "field.count": "The list is empty or too long.",
    "field.not_allowed": "The field doesn't go with another one; the detail names it.",
    "field.conflict": "Two fields exclude each other.",
    "field.invalid": "The value breaks the rule that the detail tells.",
    "field.too_long": "The text is too long.",
    "field.too_many": "The list is too long.",
    "field.bad_character": "NUL and half characters (lone surrogates) can't be stored.",
    "field.not_a_choice": "The value isn't one of those that the detail lists.",
    "field.not_boolean": "true or false is due.",
    "field.not_a_date": "A day is due, such as 2026-11-22.",
    "field.not_a_number": "A number is due, such as 80 or 0.5.",
    "field.not_integer": "A whole number is due.",
    "field.out_of_range": "The number is outside the range that the detail tells.",
    "field.not_payouts": "Payouts by outcome, or a list of one for each outcome, are due.",
    "field.number_not_text": "A decimal string in quotes is due, because JSON numbers lose digits.",
    "field.not_decimal": "A plain decimal string such as 0.62 is due.",
    "field.not_a_time": "A time of RFC 3339 with an offset is due.",
    "field.reserved": "Values that begin like this belong to the site.",
}
