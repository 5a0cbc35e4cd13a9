"""HTTP alone, for sites that split pages and sockets behind a proxy."""

import os

from opinion_market.site_handler import site_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")
application = site_application()
