"""The pages of making a market, and of what one has made."""

from typing import Final

from django.urls import URLPattern, re_path

from trading.web.console import console
from trading.web.creation import begin, discard, draft, loss, new, preview, publish, similar, step

creation_urls: Final[list[URLPattern]] = [
    re_path(r"^creator/?$", console, name="console"),
    re_path(r"^create/?$", begin, name="create"),
    re_path(r"^create/new/?$", new, name="create-new"),
    re_path(r"^create/similar/?$", similar, name="create-similar"),
    re_path(r"^create/loss/?$", loss, name="create-loss"),
    re_path(
        r"^create/(?P<plan_id>[0-9]{1,18})/(?P<step>question|answers|rules|liquidity)/?$", step, name="create-step"
    ),
    re_path(r"^create/(?P<plan_id>[0-9]{1,18})/draft/?$", draft, name="create-draft"),
    re_path(r"^create/(?P<plan_id>[0-9]{1,18})/preview/?$", preview, name="create-preview"),
    re_path(r"^create/(?P<plan_id>[0-9]{1,18})/publish/?$", publish, name="create-publish"),
    re_path(r"^create/(?P<plan_id>[0-9]{1,18})/discard/?$", discard, name="create-discard"),
]
