"""The WSGI application that the web server runs."""

from __future__ import annotations

import os
import threading

from django.core.wsgi import get_wsgi_application

from housemail import logs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "housemail.settings")

application = get_wsgi_application()
logs.configure()

if os.environ.get("HOUSEMAIL_ENGINE") == "1":
    # The engine lives in the serving process: no second command is needed. It starts
    # beside the first requests, which need not wait for its imports.
    from housemail.background import engine

    threading.Thread(target=engine.start_once, name="engine-start", daemon=True).start()
