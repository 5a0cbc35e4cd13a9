"""HTTP alone, for sites that split pages and sockets behind a proxy."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinion_market.settings.dev")
application = get_wsgi_application()
