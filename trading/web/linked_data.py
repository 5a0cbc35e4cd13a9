"""A market as JSON-LD, for programs that read pages."""

import json
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.clock import rfc3339
from trading.selectors.market_detail import MarketDetail

#: Nothing of these can end the element that holds the text.
_ESCAPES: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def linked_data(market: MarketDetail, address: str) -> SafeString:
    """A script element of data, which no browser runs."""
    document = {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "name": market.question,
        "url": address,
        "description": market.rules[:300],
        "about": {"@type": "Thing", "name": market.topic_name},
        "keywords": ", ".join(market.tags),
        "datePublished": rfc3339(market.opened_at or market.created_at),
        "dateModified": rfc3339(market.last_trade_at or market.opened_at or market.created_at),
        "expires": rfc3339(market.closes_at),
        "author": {"@type": "Person", "name": market.creator},
    }
    # The signs that could end the element are escaped.
    text = SafeString(json.dumps(document, ensure_ascii=False).translate(_ESCAPES))  # nosec B703 # nosemgrep: mark-safe
    return format_html('<script type="application/ld+json">{}</script>', text)
