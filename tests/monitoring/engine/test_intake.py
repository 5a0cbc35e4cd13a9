"""Which entries of the stream count, and where the frames of a bucket lie."""

import pytest

from monitoring.engine.intake import Entry, buckets_of, taken_in, windows, with_site_held
from monitoring.types import Role
from tests.monitoring.frames import frame

T = 1_777_896_000


def entry(at: int, *, late_ms: int = 100, number: int | None = None, process: str = "web-1") -> Entry:
    return Entry(f"{at * 1000 + late_ms}-0", frame(at, number=number, process=process))


def test_entries_are_stored_repeated_or_refused() -> None:
    entries = [entry(T), entry(T), entry(T, process="web-2"), Entry(f"{T}000-0", None), entry(T, late_ms=300_001)]
    found = taken_in(entries, T)
    assert (found.stored, found.repeated, found.refused) == (2, 1, 2)
    assert [one.process for one in found.seconds[T]] == ["web-1", "web-2"]


def test_what_was_read_before_is_there_and_not_counted() -> None:
    found = taken_in([entry(T), entry(T + 1)], T, before=[entry(T)])
    assert (found.stored, found.repeated, found.refused) == (1, 1, 0)
    assert sorted(found.seconds) == [T, T + 1]


@pytest.mark.parametrize(
    ("late_ms", "is_in"), [(0, True), (300_000, True), (300_001, False), (-5_000, True), (-5_001, False)]
)
def test_how_late_and_how_early(late_ms: int, is_in: bool) -> None:
    assert bool(buckets_of([entry(T, late_ms=late_ms)], T)) is is_in


def test_frames_of_no_time_are_refused() -> None:
    broken = Entry(f"{T}000-0", frame(T).__class__(**{**_fields(), "seconds": 0.0}))
    assert taken_in([broken], T).refused == 1


def _fields() -> dict[str, object]:
    one = frame(T)
    return {name: getattr(one, name) for name in one.__slots__}


def test_windows_reach_from_the_earliest_to_the_latest_arrival_and_overlap_nowhere() -> None:
    assert windows({T}, (T + 1_000) * 1000) == [((T - 5) * 1000, (T + 310) * 1000)]
    assert windows({T, T + 10}, (T + 1_000) * 1000) == [((T - 5) * 1000, (T + 320) * 1000)]
    assert windows({T, T + 2_000}, (T + 9_000) * 1000) == [
        ((T - 5) * 1000, (T + 310) * 1000),
        ((T + 1_995) * 1000, (T + 2_310) * 1000),
    ]
    assert windows({T}, (T + 2) * 1000) == [((T - 5) * 1000, (T + 2) * 1000)]
    assert windows({T}, (T - 6) * 1000) == []


def test_the_site_s_frame_is_held_within_its_bucket_only() -> None:
    site = frame(T + 4, process="site", role=Role.SITE)
    later = frame(T + 8, process="site", role=Role.SITE)
    web = {at: [frame(at)] for at in (T, T + 4, T + 6, T + 9, T + 10)}
    web[T + 4].append(site)
    web[T + 8] = [later]
    held = with_site_held(web)
    assert held[T][1:] == [site]
    assert held[T + 4][1:] == [site]
    assert held[T + 6][1:] == [site]
    assert held[T + 8] == [later]
    assert held[T + 9][1:] == [later]
    assert held[T + 10][1:] == []
