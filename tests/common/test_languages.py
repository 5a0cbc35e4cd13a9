from datetime import date

import pytest
from django.utils import translation
from django.utils.formats import date_format

from common.languages import percent_of, said, typed, with_sign, written, zone


@pytest.mark.parametrize(
    ("language", "number", "shown"),
    [("en-gb", "1,234.56", "1,234.56"), ("de", "1,234.56", "1.234,56"), ("de", "0.5", "0,5"), ("de", "12", "12")],
)
def test_numbers_are_written_in_the_marks_of_the_language(language: str, number: str, shown: str) -> None:
    with translation.override(language):
        assert written(number) == shown


def test_signs_stand_where_the_language_has_them() -> None:
    with translation.override("de"):
        assert (percent_of("47.5"), with_sign("62.4", "¢"), said("1234.5")) == ("47,5\xa0%", "62,4\xa0¢", "1234,5")
    with translation.override("en-gb"):
        assert (percent_of("47.5"), with_sign("62.4", "¢"), said("1234.5")) == ("47.5%", "62.4¢", "1234.5")


@pytest.mark.parametrize(
    ("language", "text", "meant"),
    [
        ("en-gb", "1,234.5", "1234.5"),
        ("en-gb", " 62.5 ", "62.5"),
        ("de", "62,5", "62.5"),
        ("de", "62.5", "62.5"),
        ("de", "1.234,56", "1234.56"),
        ("de", "1.234.567", "1234567"),
        ("de", "0.125", "0.125"),
        ("de", "12.3456", "12.3456"),
        ("de", "1,234", "1.234"),
        ("de", "x", "x"),
        ("de", "", ""),
    ],
)
def test_what_is_typed_is_read_as_it_was_meant(language: str, text: str, meant: str) -> None:
    with translation.override(language):
        assert typed(text) == meant


@pytest.mark.parametrize("text", ["1.234", "12.345", "999.000"])
def test_what_can_be_read_in_two_ways_is_refused(text: str) -> None:
    with translation.override("de"), pytest.raises(ValueError, match="auf zwei Arten"):
        typed(text)


@pytest.mark.parametrize("number", ["0", "0.5", "12.34", "1234567.89", "0.0001"])
def test_what_a_field_shows_it_takes_back(number: str) -> None:
    for language in ("en-gb", "de"):
        with translation.override(language):
            assert typed(said(number)) == number


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "Europe/Berlin\x00", "posix/UTC"])
def test_no_zone_has_a_strange_name(name: str) -> None:
    assert zone(name) is None


def test_zones_are_known_by_their_names() -> None:
    assert str(zone("UTC")) == "UTC"
    assert str(zone("Europe/Berlin")) == "Europe/Berlin"


def test_no_word_of_the_site_takes_the_place_of_a_month_or_a_weekday() -> None:
    with translation.override("de"):
        months = [date_format(date(2031, month, 1), "F") for month in range(1, 13)]
        days = [date_format(date(2031, 9, day), "l") for day in range(1, 8)]
    assert months == [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ]
    assert days == ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
