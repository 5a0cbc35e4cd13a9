import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from analytics.sentiment.engine.feed_text import ENTRIES_MAX, entries_of
from analytics.sentiment.errors import FeedUnreadable

RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>Heavy &amp;amp; <![CDATA[<b>rain</b>]]></title><link>https://example.org/1</link><guid>one</guid>
<description>&lt;p&gt;It &lt;script&gt;alert(1)&lt;/script&gt; rained.&lt;/p&gt;</description>
<pubDate>Sun, 22 Nov 2026 09:30:00 +0100</pubDate></item>
<item><title>No link</title><link>javascript:alert(1)</link></item>
<item><description>Without a title</description></item>
</channel></rss>"""
ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>
<entry><id>urn:1</id><title>Sun</title><link href="https://example.org/sun"/><updated>2026-11-22T09:30:00Z</updated>
<summary>It shines.</summary></entry></feed>"""


def test_rss_becomes_plain_text() -> None:
    first, second = entries_of(RSS)
    assert first.title == "Heavy & rain"
    assert "script" not in first.summary
    assert "rained." in first.summary
    assert (first.url, first.published_at) == ("https://example.org/1", datetime(2026, 11, 22, 8, 30, tzinfo=UTC))
    assert (second.title, second.url, second.published_at) == ("No link", "", None)


def test_atom() -> None:
    (entry,) = entries_of(ATOM)
    assert (entry.title, entry.summary, entry.url) == ("Sun", "It shines.", "https://example.org/sun")


@pytest.mark.parametrize("body", [b"", b"<html><body>Hello</body></html>", b"\x00\xff", b"{}"])
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(FeedUnreadable):
        entries_of(body)


def test_nothing_is_opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket, "create_connection", refuse)
    kept = tmp_path / "feed.xml"
    kept.write_bytes(RSS)
    for body in (b"http://127.0.0.1/feed", str(kept).encode(), b"file://" + str(kept).encode()):
        with pytest.raises(FeedUnreadable):
            entries_of(body)


def test_entities_are_refused_and_many_entries_cut() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><rss version="2.0"><channel/></rss>'
    with pytest.raises(FeedUnreadable, match="entities"):
        entries_of(bomb)
    items = b"".join(b"<item><title>Number %d</title></item>" % n for n in range(ENTRIES_MAX + 50))
    assert len(entries_of(b'<rss version="2.0"><channel>' + items + b"</channel></rss>")) == ENTRIES_MAX
