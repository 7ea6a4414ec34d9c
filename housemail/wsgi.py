"""The WSGI application that the web server runs."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from housemail import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "housemail.settings")

application = get_wsgi_application()
logs.configure()

if os.environ.get("HOUSEMAIL_ENGINE") == "1":
    # The engine lives in the serving process: no second command is needed.
    from housemail.background import engine

    engine.start_once()
