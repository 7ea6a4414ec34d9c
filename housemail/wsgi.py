"""The WSGI application that the web server runs."""

from __future__ import annotations

import os
import threading

from django.core.wsgi import get_wsgi_application

from housemail import logs

ENGINE_AFTER_SECONDS = 2.0
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "housemail.settings")

application = get_wsgi_application()
logs.configure()


def _start_engine() -> None:
    """Start the engine in this process; its imports take a second of their own."""
    from housemail.background import engine

    engine.start_once()


if os.environ.get("HOUSEMAIL_ENGINE") == "1":
    # The engine lives in the serving process: no second command is needed. It starts
    # a moment after the first requests can be answered; its sweep is periodic anyway.
    starting = threading.Timer(ENGINE_AFTER_SECONDS, _start_engine)
    starting.daemon = True
    starting.start()
