"""The picture of a market that other sites show beside links to it.

Contract   Always a PNG of 1200 x 630 for a published market: of its newest state, or of one at most ``FRESH_S`` older,
           or, when no worker draws it in time, the site's own picture, which nobody may keep for long.
Bound      A market is drawn once in ``FRESH_S`` at most, however often its prices change and whoever asks. A request
           waits ``WAIT_S`` at most, and ``_PLACES`` of a process at once; others get what there is.
"""

import time
from functools import lru_cache
from threading import BoundedSemaphore
from typing import Final

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from common import clock
from trading.selectors.market_detail import market_detail
from trading.selectors.share_images import ShareImage, kept_image
from trading.tasks import draw_share_image
from trading.web.limits import limited

FRESH_S: Final = 60
WAIT_S: Final = 2.0
_POLL_S: Final = 0.05
_LATER_S: Final = 15
_PLACES: Final = BoundedSemaphore(4)


@require_safe
@limited
def share_image(request: HttpRequest, slug: str) -> HttpResponse:
    detail = market_detail(slug)
    if detail is None or detail.status == "draft":
        raise Http404
    kept = kept_image(detail.id)
    if kept is None or (kept.seq != detail.seq and clock.now().timestamp() - kept.drawn_at >= FRESH_S):
        kept = _drawn(detail.id, detail.seq) or kept
    if kept is None:
        return _png(_own_picture(), _LATER_S)
    return _png(kept.png, FRESH_S)


def _drawn(market_id: int, seq: int) -> ShareImage | None:
    """The picture that a worker draws now; None when it doesn't come in time."""
    if not _PLACES.acquire(blocking=False):
        return None
    try:
        if cache.add(f"share-image:drawing:{market_id}", 1, FRESH_S):
            # A worker that is behind draws it for who asks next.
            draw_share_image.apply_async((market_id,), retry=False, expires=FRESH_S)
        until = time.monotonic() + WAIT_S
        while True:
            found = kept_image(market_id)
            if found is not None and found.seq >= seq:
                return found
            if time.monotonic() >= until:
                return None
            time.sleep(_POLL_S)
    finally:
        _PLACES.release()


@lru_cache(maxsize=1)
def _own_picture() -> bytes:
    return (settings.BASE_DIR / "static" / "img" / "share.png").read_bytes()


def _png(content: bytes, age_s: int) -> HttpResponse:
    headers = {"Cache-Control": f"public, max-age={age_s}", "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(content, content_type="image/png", headers=headers)
