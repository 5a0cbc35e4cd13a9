from datetime import date

import pytest
from django.utils import translation
from django.utils.formats import date_format

from common.languages import dated, outcome_word, percent_of, said, typed, with_sign, written, zone


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


@pytest.mark.parametrize(
    ("name", "german"),
    [
        ("Yes", "Ja"),
        ("20 to 30 mm", "20 bis 30 mm"),
        ("-1.5 to 2.25", "-1,5 bis 2,25"),
        ("Below 0.5 °C", "Unter 0,5 °C"),
        ("30 mm or more", "30 mm oder mehr"),
        ("2028-10-01 to 2028-12-31", "1. Okt bis 31. Dez 2028"),
        ("2027-12-31 or earlier", "31. Dez 2027 oder früher"),
        ("2030-01-01 or later", "1. Jan 2030 oder später"),
        ("2027-03-31", "31. Mär 2027"),
        ("9999-12-01 to 9999-12-31", "Dezember 9999"),
        ("2027-02-30", "2027-02-30"),
        ("Below 5 to 6", "Below 5 to 6"),
        ("3 to 5 or more", "3 to 5 or more"),
        ("Porto or more", "Porto or more"),
        ("12.5 litres", "12.5 litres"),
        ("2024", "2024"),
    ],
)
def test_the_engines_names_of_outcomes_are_said_and_others_stay(name: str, german: str) -> None:
    with translation.override("de"):
        assert outcome_word(name) == german


@pytest.mark.parametrize(
    ("name", "english", "german"),
    [
        ("2027-03-01 to 2027-03-31", "March 2027", "März 2027"),
        ("2028-02-01 to 2028-02-29", "February 2028", "Februar 2028"),
        ("2028-02-01 to 2028-02-28", "1 Feb to 28 Feb 2028", "1. Feb bis 28. Feb 2028"),
        ("2027-12-01 to 2028-01-31", "1 Dec 2027 to 31 Jan 2028", "1. Dez 2027 bis 31. Jan 2028"),
        ("2027-09-01 or later", "1 Sep 2027 or later", "1. Sep 2027 oder später"),
        ("2027-02-30 or later", "2027-02-30 or later", "2027-02-30 oder später"),
        ("20 to 30 mm", "20 to 30 mm", "20 bis 30 mm"),
        ("Porto-Lisbon", "Porto-Lisbon", "Porto-Lisbon"),
    ],
)
def test_buckets_of_days_are_as_short_as_is_clear(name: str, english: str, german: str) -> None:
    with translation.override("en-gb"):
        assert outcome_word(name) == english
    with translation.override("de"):
        assert outcome_word(name) == german


def test_a_day_is_written_as_the_language_does() -> None:
    day = date(2026, 10, 5)
    with translation.override("de"):
        assert (dated(day, "j M Y"), dated(day, "D d F"), dated(day, "F Y")) == (
            "5. Okt 2026",
            "Mo 05. Oktober",
            "Oktober 2026",
        )
    with translation.override("en-gb"):
        assert (dated(day, "j M Y"), dated(day, "D d F")) == ("5 Oct 2026", "Mon 05 October")


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
    assert [month[:3] for month in months] == [
        "Jan",
        "Feb",
        "Mär",
        "Apr",
        "Mai",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Okt",
        "Nov",
        "Dez",
    ]
    assert [day[:2] for day in days] == ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]
