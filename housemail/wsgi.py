"""The WSGI application that the web server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from housemail import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "housemail.settings")

application = get_wsgi_application()
logs.configure()
