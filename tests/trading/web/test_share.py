"""The picture that stands beside links to a market."""

import struct
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings as site
from django.core.cache import cache
from django.test import Client

from markets.models import Market
from tests.factories.markets import make_draft
from tests.factories.trading import funded_alice, live_categorical_market, live_market, place
from trading.engine.share_facts import ShareFacts
from trading.selectors.market_detail import market_detail
from trading.selectors.share_facts import share_facts
from trading.services import draw_share_image as drawing
from trading.services._share_fonts import face, knows
from trading.services._share_picture import draw_picture
from trading.web import share

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _cache_of_its_own(settings: Any) -> None:
    """One that is never away, however busy the machine is, and that other tests don't see."""
    backend = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "share-images"}}
    cache.clear()


def _size(png: bytes) -> tuple[int, ...]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


def test_it_is_drawn_once_and_again_when_the_price_changed_and_a_minute_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[ShareFacts] = []

    def draw(facts: ShareFacts) -> bytes:
        drawn.append(facts)
        return b"picture %d" % len(drawn)

    monkeypatch.setattr(drawing, "draw_picture", draw)
    market = live_market(slug="rain", question="Will it rain?")
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=UTC), tick=False) as traveller:
        assert Client().get("/markets/rain/share.png").content == b"picture 1"
        answer = Client().get("/markets/rain/share.png?v=17")
        assert (answer.content, answer["Content-Type"]) == (b"picture 1", "image/png")
        assert answer["Cache-Control"] == "public, max-age=60"
        place(funded_alice(), market, price=0.4, shares=10)
        traveller.shift(timedelta(seconds=59))
        assert Client().get("/markets/rain/share.png").content == b"picture 1"
        cache.delete(f"share-image:drawing:{market.pk}")
        traveller.shift(timedelta(seconds=1))
        assert Client().get("/markets/rain/share.png").content == b"picture 2"
    assert {facts.question for facts in drawn} == {"Will it rain?"}


def test_what_no_worker_draws_in_time_is_the_sites_own_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    live_market(slug="rain")
    monkeypatch.setattr(share, "WAIT_S", 0.0)
    monkeypatch.setattr(share.draw_share_image, "apply_async", lambda *args, **options: None)
    answer = Client().get("/markets/rain/share.png")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=15")
    assert answer.content == (site.BASE_DIR / "static/img/share.png").read_bytes()
    assert _size(answer.content) == (1200, 630)


def test_drafts_have_none() -> None:
    make_draft(slug="soon")
    assert Client().get("/markets/soon/share.png").status_code == 404
    assert Client().get("/markets/nothing/share.png").status_code == 404


def test_pages_name_it() -> None:
    market = live_market(slug="rain")
    page = Client().get("/markets/rain").content.decode()
    assert f'/markets/rain/share.png?v={market_seq(market)}"' in page
    assert 'content="summary_large_image"' in page


def market_seq(market: Market) -> int:
    found = market_detail(market.pk)
    assert found is not None
    return found.seq


def test_real_pictures_of_odd_questions(settings: Any) -> None:
    settings.PUBLIC_URL = "https://opinion.example"
    live_categorical_market(slug="cup", question="Cup \U0001f3c6 final, Łódź, 明日は雨が降りますか, or هل ستمطر?")
    answer = Client().get("/markets/cup/share.png")
    assert _size(answer.content) == (1200, 630)
    found = market_detail("cup")
    assert found is not None
    facts = share_facts(found)
    assert [name for name, _ in facts.bars] == [outcome.name for outcome in found.outcomes][:3]
    assert facts.address == "opinion.example"


def test_ends() -> None:
    for status, payouts, told in (
        ("resolved", [10_000, 0], ("Yes", "resolved")),
        ("resolved", [3_000, 7_000], ("In part", "resolved, several outcomes pay")),
        ("void", None, ("Void", "everyone was refunded")),
    ):
        market = live_market()
        Market.objects.filter(pk=market.pk).update(status=status, payouts=payouts)
        found = market_detail(market.pk)
        assert found is not None
        facts = share_facts(found)
        assert (facts.headline, facts.label) == told


@pytest.mark.parametrize("letter", ["A", "Ł", "Я", "雨", "が", "값", "집", "\U0001f680", "☔", "\U0001f1e9", "…", "✓"])
def test_letters_of_all_fonts_are_drawn(letter: str) -> None:
    assert knows(letter)
    assert face(30).length(letter) > 5


@pytest.mark.parametrize("letter", ["\U0010fffd", "\u0378", "\ufe0f", "\U0001f3fd", "\U00013000", "\U0001fae9"])
def test_what_no_font_has_and_marks_of_emoji_are_left_out(letter: str) -> None:
    assert not knows(letter)
    picture = ShareFacts(f"Will it{letter} rain?", "63%", f"{letter}chance", "Open", "opinion.example")
    plain = ShareFacts("Will it rain?", "63%", "chance", "Open", "opinion.example")
    assert draw_picture(picture) == draw_picture(plain)


def test_a_line_of_several_fonts_is_as_long_as_its_parts() -> None:
    parts = ["Rain ", "雨が ", "값 ", "\U0001f680"]
    for size in (22, 60):
        bold = face(size, is_bold=True)
        assert bold.length("".join(parts)) == pytest.approx(sum(bold.length(part) for part in parts), abs=2)
